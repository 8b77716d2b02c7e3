package io.mailgenius.jobs.people;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Table {@code person} and what belongs to a person in whatever workspace. */
@Component
class PersonStore {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    PersonStore(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** A transaction that sees people of all workspaces. */
    <T> T identified(Supplier<T> work) {
        return transaction.execute(
                _ -> {
                    jdbc.sql("SELECT set_config('app.identity', 'on', true)")
                            .query((_, _) -> 1)
                            .single();
                    return work.get();
                });
    }

    record Person(
            long id,
            String email,
            String name,
            boolean active,
            String passwordHash,
            boolean totp,
            int passkeys) {

        /** Whether one is asked for after the password. */
        boolean secondFactor() {
            return totp || passkeys > 0;
        }
    }

    Optional<Person> byEmail(String email) {
        return jdbc.sql(
                        """
                        SELECT id, email, name, status = 'ACTIVE' AS active, password_hash,
                               totp_confirmed_at IS NOT NULL AS totp, passkeys
                          FROM person WHERE email = :email
                        """)
                .param("email", email)
                .query(Person.class)
                .optional();
    }

    Optional<Person> byId(long id) {
        return jdbc.sql(
                        """
                        SELECT id, email, name, status = 'ACTIVE' AS active, password_hash,
                               totp_confirmed_at IS NOT NULL AS totp, passkeys
                          FROM person WHERE id = :id
                        """)
                .param("id", id)
                .query(Person.class)
                .optional();
    }

    long insert(String email, String name, String passwordHash) {
        return jdbc.sql(
                        """
                        INSERT INTO person (email, name, password_hash) VALUES (:email, :name, :hash)
                        RETURNING id
                        """)
                .param("email", email)
                .param("name", name)
                .param("hash", passwordHash)
                .query(Long.class)
                .single();
    }

    void setPassword(long id, String hash) {
        jdbc.sql("UPDATE person SET password_hash = :hash WHERE id = :id")
                .param("hash", hash)
                .param("id", id)
                .update();
        jdbc.sql("DELETE FROM password_reset WHERE person_id = :id").param("id", id).update();
    }

    void setActive(long id, boolean active) {
        jdbc.sql("UPDATE person SET status = :status WHERE id = :id")
                .param("status", active ? "ACTIVE" : "DISABLED")
                .param("id", id)
                .update();
    }

    void signedIn(long id, Instant now) {
        jdbc.sql("UPDATE person SET signed_in_at = :now WHERE id = :id")
                .param("now", utc(now))
                .param("id", id)
                .update();
    }

    void insertReset(byte[] tokenHash, long personId, Instant expiresAt) {
        jdbc.sql("DELETE FROM password_reset WHERE person_id = :id OR expires_at < now()")
                .param("id", personId)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO password_reset (token_hash, person_id, expires_at)
                        VALUES (:hash, :id, :expires)
                        """)
                .param("hash", tokenHash)
                .param("id", personId)
                .param("expires", utc(expiresAt))
                .update();
    }

    OptionalLong personOfReset(byte[] tokenHash, Instant now) {
        return jdbc
                .sql(
                        """
                        SELECT person_id FROM password_reset WHERE token_hash = :hash AND expires_at > :now
                        """)
                .param("hash", tokenHash)
                .param("now", utc(now))
                .query(Long.class)
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** The encrypted secret of the second factor, confirmed or not. */
    Optional<byte[]> totpSecret(long id) {
        return jdbc.sql("SELECT totp_secret FROM person WHERE id = :id AND totp_secret IS NOT NULL")
                .param("id", id)
                .query((row, _) -> row.getBytes(1))
                .optional();
    }

    void setTotp(long id, byte @Nullable [] encrypted) {
        jdbc.sql(
                        """
                        UPDATE person SET totp_secret = :secret, totp_confirmed_at = NULL, totp_step = 0
                         WHERE id = :id
                        """)
                .param("secret", encrypted)
                .param("id", id)
                .update();
        jdbc.sql("DELETE FROM recovery_code WHERE person_id = :id").param("id", id).update();
    }

    void removePasskeys(long id) {
        jdbc.sql("DELETE FROM passkey WHERE person_id = :id").param("id", id).update();
        jdbc.sql("UPDATE person SET passkeys = 0 WHERE id = :id").param("id", id).update();
    }

    /** Whether this step is later than any before, so that a code that was seen is of no use. */
    boolean takeStep(long id, long step) {
        return jdbc.sql("UPDATE person SET totp_step = :step WHERE id = :id AND totp_step < :step")
                        .param("step", step)
                        .param("id", id)
                        .update()
                == 1;
    }

    void confirmTotp(long id, Instant now, List<byte[]> recoveryHashes) {
        jdbc.sql("UPDATE person SET totp_confirmed_at = :now WHERE id = :id")
                .param("now", utc(now))
                .param("id", id)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO recovery_code (person_id, code_hash) SELECT :id, unnest(:hashes)
                        """)
                .param("id", id)
                .param("hashes", recoveryHashes.toArray(byte[][]::new))
                .update();
    }

    boolean takeRecoveryCode(long id, byte[] hash) {
        return jdbc.sql("DELETE FROM recovery_code WHERE person_id = :id AND code_hash = :hash")
                        .param("id", id)
                        .param("hash", hash)
                        .update()
                == 1;
    }

    static OffsetDateTime utc(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
