package io.mailgenius.jobs.clients;

import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.SecretToken;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The RSA keys that sign tokens, stored sealed. The newest active one signs; all of them verify. A
 * node that needs the first one makes it.
 */
@Component
public class SigningKeys {

    /** From when a new key signs: every node knows it by then. */
    public static final Duration LEAD = Duration.ofSeconds(60);

    /** For how long a node goes by what it has read. */
    public static final Duration MEMORY = Duration.ofSeconds(5);

    /** For how long a key verifies after another has replaced it: longer than any token lives. */
    static final Duration KEPT = Duration.ofDays(1);

    private static final int BITS = 2048;
    private static final int KID_LENGTH = 16;

    private final JdbcClient jdbc;
    private final SecretEncryption encryption;
    private final InstantSource clock;

    private volatile @Nullable Known known;

    SigningKeys(JdbcClient jdbc, SecretEncryption encryption, InstantSource clock) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.clock = clock;
    }

    /**
     * @param kid the id of the key, which tokens name
     */
    public record SigningKey(
            String kid, RSAPublicKey publicKey, RSAPrivateCrtKey privateKey, Instant activeFrom) {}

    private record Known(List<SigningKey> keys, Instant readAt) {}

    private record StoredKey(String kid, byte[] privateKey, Instant activeFrom) {}

    /**
     * All keys, in the order in which they sign; at least one. While the database is away, those
     * that were read last.
     *
     * @throws DataAccessException if none was ever read and the database is away
     */
    public List<SigningKey> all() {
        Known before = known;
        Instant now = clock.instant();
        if (before != null && now.isBefore(before.readAt().plus(MEMORY))) {
            return before.keys();
        }
        try {
            List<SigningKey> read = read(before == null ? List.of() : before.keys());
            if (read.isEmpty()) {
                makeFirst();
                read = read(List.of());
            }
            known = new Known(read, now);
            return read;
        } catch (DataAccessException away) {
            if (before == null) {
                throw away;
            }
            return before.keys();
        }
    }

    /** The key that signs now. */
    public SigningKey current() {
        List<SigningKey> keys = all();
        Instant now = clock.instant();
        SigningKey current = keys.getFirst();
        for (SigningKey key : keys) {
            if (!key.activeFrom().isAfter(now)) {
                current = key;
            }
        }
        return current;
    }

    /**
     * @param before those that need not be decrypted again
     */
    private List<SigningKey> read(List<SigningKey> before) {
        return jdbc
                .sql(
                        "SELECT kid, private_key, active_from FROM signing_key ORDER BY active_from, number")
                .query(
                        (row, _) ->
                                new StoredKey(
                                        row.getString("kid"),
                                        row.getBytes("private_key"),
                                        row.getObject("active_from", OffsetDateTime.class)
                                                .toInstant()))
                .list()
                .stream()
                .map(
                        stored ->
                                before.stream()
                                        .filter(it -> it.kid().equals(stored.kid()))
                                        .findFirst()
                                        .orElseGet(() -> opened(stored)))
                .toList();
    }

    private SigningKey opened(StoredKey stored) {
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            RSAPrivateCrtKey privateKey =
                    (RSAPrivateCrtKey)
                            rsa.generatePrivate(
                                    new PKCS8EncodedKeySpec(
                                            encryption.decrypt(
                                                    stored.privateKey(), purpose(stored.kid()))));
            RSAPublicKey publicKey =
                    (RSAPublicKey)
                            rsa.generatePublic(
                                    new RSAPublicKeySpec(
                                            privateKey.getModulus(),
                                            privateKey.getPublicExponent()));
            return new SigningKey(stored.kid(), publicKey, privateKey, stored.activeFrom());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Signing key " + stored.kid() + " is no RSA key", e);
        }
    }

    /** Of nodes that do this at the same moment one succeeds. */
    private void makeFirst() {
        StoredKey made = sealed(encryption, clock.instant());
        jdbc.sql(
                        """
                        INSERT INTO signing_key (number, kid, private_key, active_from)
                        SELECT 1, :kid, :key, now() WHERE NOT EXISTS (SELECT FROM signing_key)
                        ON CONFLICT (number) DO NOTHING
                        """)
                .param("kid", made.kid())
                .param("key", made.privateKey())
                .update();
    }

    private static StoredKey sealed(SecretEncryption encryption, Instant activeFrom) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            String kid = SecretToken.create().substring(0, KID_LENGTH);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return new StoredKey(kid, encryption.encrypt(key, purpose(kid)), activeFrom);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has RSA", e);
        }
    }

    private static String purpose(String kid) {
        return "signing-key " + kid;
    }

    /**
     * Adds a key that signs a {@link #LEAD} later, and removes those that have not signed for a
     * day. Tokens of the others stay valid until they expire.
     *
     * @param owner connects as the login that owns the tables
     */
    public static void rotate(DataSource owner, SecretEncryption encryption) {
        JdbcClient jdbc = JdbcClient.create(owner);
        jdbc.sql(
                        """
                        DELETE FROM signing_key k
                         WHERE EXISTS (SELECT FROM signing_key later
                                        WHERE later.active_from > k.active_from
                                          AND later.active_from < now() - :kept * interval '1 second')
                        """)
                .param("kept", KEPT.toSeconds())
                .update();
        add(jdbc, sealed(encryption, Instant.EPOCH), LEAD);
    }

    /**
     * Replaces all keys at once, because one of them may be known to somebody: no token that was
     * signed before is valid any more.
     *
     * @param owner connects as the login that owns the tables
     */
    public static void revoke(DataSource owner, SecretEncryption encryption) {
        JdbcClient jdbc = JdbcClient.create(owner);
        StoredKey made = sealed(encryption, Instant.EPOCH);
        int last =
                Objects.requireNonNull(
                        jdbc.sql("SELECT coalesce(max(number), 0) FROM signing_key")
                                .query(Integer.class)
                                .single());
        add(jdbc, made, Duration.ZERO);
        jdbc.sql("DELETE FROM signing_key WHERE number <= :last").param("last", last).update();
    }

    private static void add(JdbcClient jdbc, StoredKey made, Duration lead) {
        jdbc.sql(
                        """
                        INSERT INTO signing_key (number, kid, private_key, active_from)
                        SELECT coalesce(max(number), 0) + 1, :kid, :key, now() + :lead * interval '1 second'
                          FROM signing_key
                        """)
                .param("kid", made.kid())
                .param("key", made.privateKey())
                .param("lead", lead.toSeconds())
                .update();
    }

    /** How many keys there are. */
    public static long count(DataSource owner) {
        return JdbcClient.create(owner)
                .sql("SELECT count(*) FROM signing_key")
                .query(Long.class)
                .single();
    }
}
