package io.mailgenius.jobs.delivery.tokens;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The keys that sign one kind of token. A token names its key, except for those of the first key:
 * mails from before there were several name none. So a new key breaks no link, and the loss of one
 * breaks its own links only.
 */
public final class TokenKeys {

    /** From when on a new key signs: all nodes know it by then. */
    public static final Duration LEAD = Duration.ofMinutes(1);

    private static final Duration KNOWN_FOR = LEAD.dividedBy(2);

    /** Tokens that name an unknown key are made by anybody. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Supplier<NavigableMap<Integer, StoredKey>> source;
    private final InstantSource clock;
    private volatile Loaded loaded;

    private record StoredKey(TokenSigner signer, Instant activeFrom) {}

    private record Loaded(NavigableMap<Integer, StoredKey> keys, Instant at) {}

    /** A key and its number. */
    record NumberedKey(int number, TokenSigner signer) {}

    /** A token without its key's number. */
    record Named(TokenSigner signer, byte[] token) {}

    private TokenKeys(Supplier<NavigableMap<Integer, StoredKey>> source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        this.loaded = new Loaded(source.get(), clock.instant());
    }

    /** The first key and no other. */
    public static TokenKeys of(byte[] secret) {
        NavigableMap<Integer, StoredKey> only =
                new TreeMap<>(Map.of(0, new StoredKey(new TokenSigner(secret), Instant.MIN)));
        return new TokenKeys(() -> only, InstantSource.system());
    }

    /**
     * @param purpose {@code unsubscribe} or {@code tracking}
     */
    public static TokenKeys stored(JdbcClient jdbc, String purpose, InstantSource clock) {
        return new TokenKeys(() -> read(jdbc, purpose), clock);
    }

    private static NavigableMap<Integer, StoredKey> read(JdbcClient jdbc, String purpose) {
        NavigableMap<Integer, StoredKey> keys = new TreeMap<>();
        jdbc.sql(
                        """
                        SELECT key_id, value, extract(epoch FROM active_from)::float8 AS active_from
                          FROM installation_secret WHERE purpose = :purpose
                        """)
                .param("purpose", purpose)
                .query(
                        (row, _) ->
                                keys.put(
                                        row.getInt("key_id"),
                                        new StoredKey(
                                                new TokenSigner(row.getBytes("value")),
                                                moment(row.getDouble("active_from")))))
                .list();
        return keys;
    }

    private static Instant moment(double seconds) {
        return Double.isInfinite(seconds)
                ? Instant.MIN
                : Instant.ofEpochMilli(Math.round(seconds * 1_000));
    }

    /**
     * Adds a key for every kind of token, which signs the mails of campaigns that are launched a
     * {@link #LEAD} later.
     *
     * @param owner connects as the login that owns the tables
     */
    public static void add(DataSource owner) {
        SecureRandom random = new SecureRandom();
        JdbcClient jdbc = JdbcClient.create(owner);
        for (String purpose : new String[] {"tracking", "unsubscribe"}) {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            jdbc.sql(
                            """
                            INSERT INTO installation_secret (purpose, key_id, value, active_from)
                            SELECT :purpose, coalesce(max(key_id) + 1, 0), :value, now() + :lead * interval '1 second'
                              FROM installation_secret WHERE purpose = :purpose
                            """)
                    .param("purpose", purpose)
                    .param("value", secret)
                    .param("lead", LEAD.toSeconds())
                    .update();
        }
    }

    /** How many keys each kind of token has. */
    public static Map<String, Long> counts(DataSource owner) {
        Map<String, Long> counts = new TreeMap<>();
        JdbcClient.create(owner)
                .sql("SELECT purpose, count(*) FROM installation_secret GROUP BY purpose")
                .query((row, _) -> counts.put(row.getString(1), row.getLong(2)))
                .list();
        return counts;
    }

    /**
     * The key of mails of a campaign that was launched then: the same on every node, because a
     * repeated batch must have the same links.
     */
    NumberedKey at(Instant moment) {
        Map.@Nullable Entry<Integer, StoredKey> newest = null;
        for (Map.Entry<Integer, StoredKey> key : known().entrySet()) {
            if (newest == null || !key.getValue().activeFrom().isAfter(moment)) {
                newest = key;
            }
        }
        if (newest == null) {
            throw new IllegalStateException(
                    "Table installation_secret has no keys: restore it from a backup");
        }
        return new NumberedKey(newest.getKey(), newest.getValue().signer());
    }

    NumberedKey newest() {
        return at(clock.instant());
    }

    private NavigableMap<Integer, StoredKey> known() {
        Loaded now = loaded;
        return now.at().plus(KNOWN_FOR).isAfter(clock.instant())
                ? now.keys()
                : lookedUp(now, Duration.ZERO);
    }

    /** One caller asks, and the others take its answer. */
    private synchronized NavigableMap<Integer, StoredKey> lookedUp(Loaded seen, Duration pause) {
        Instant now = clock.instant();
        if (loaded == seen && !now.isBefore(seen.at().plus(pause))) {
            loaded = new Loaded(source.get(), now);
        }
        return loaded.keys();
    }

    /**
     * Puts the number before a token; nothing for the first key.
     *
     * @param mark a byte with which tokens of this kind do not begin otherwise
     */
    static byte[] named(byte mark, int number, byte[] token) {
        if (number == 0) {
            return token;
        }
        byte[] name = TokenSigner.numbers(number);
        byte[] whole = new byte[1 + name.length + token.length];
        whole[0] = mark;
        System.arraycopy(name, 0, whole, 1, name.length);
        System.arraycopy(token, 0, whole, 1 + name.length, token.length);
        return whole;
    }

    /** The key that a token names, and the rest of it; empty if there is no such key. */
    Optional<Named> read(byte mark, byte[] token) {
        int number = 0;
        byte[] rest = token;
        if (token.length > 0 && token[0] == mark) {
            ByteBuffer bytes = ByteBuffer.wrap(token, 1, token.length - 1);
            try {
                number = (int) TokenSigner.number(bytes);
            } catch (BufferUnderflowException notOurs) {
                return Optional.empty();
            }
            if (number <= 0) {
                return Optional.empty();
            }
            rest = Arrays.copyOfRange(token, bytes.position(), token.length);
        }
        Loaded now = loaded;
        StoredKey key = now.keys().get(number);
        if (key == null) {
            key = lookedUp(now, BETWEEN_LOOKS).get(number);
        }
        return key == null ? Optional.empty() : Optional.of(new Named(key.signer(), rest));
    }
}
