package io.mailgenius.jobs.people;

import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Passkeys of people: what is stored of them. Who checks their signatures is the api's matter. */
@Component
public class Passkeys {

    /** More are of no use to one person. */
    static final int MOST = 20;

    private static final int LONGEST_NAME = 100;

    private static final String SELECT =
            """
            SELECT k.credential_id, k.public_key, k.attestation_object, k.sign_count, k.transports,
                   k.user_verified, k.backup_eligible, k.backup_state, k.name, k.created_at,
                   p.id AS person_id, p.passkey_handle
              FROM passkey k JOIN person p ON p.id = k.person_id AND p.status = 'ACTIVE'
            """;

    private final JdbcClient jdbc;
    private final PersonStore people;
    private final AccessChanges changes;
    private final Clock clock;

    Passkeys(JdbcClient jdbc, PersonStore people, AccessChanges changes, Clock clock) {
        this.jdbc = jdbc;
        this.people = people;
        this.changes = changes;
        this.clock = clock;
    }

    /** What the account page shows. */
    public record PasskeyView(
            long id, String name, Instant createdAt, @Nullable Instant lastUsedAt) {}

    /**
     * Whom an authenticator makes a passkey for.
     *
     * @param handle by which the authenticator knows the person
     */
    public record Holder(long personId, String email, byte[] handle) {}

    /**
     * A passkey as WebAuthn describes it.
     *
     * @param publicKey in COSE
     * @param signCount uses that the authenticator has counted; 0 if it does not count
     */
    public record StoredPasskey(
            byte[] credentialId,
            byte[] handle,
            long personId,
            String name,
            byte[] publicKey,
            byte[] attestationObject,
            long signCount,
            Set<String> transports,
            boolean userVerified,
            boolean backupEligible,
            boolean backupState,
            Instant createdAt) {}

    public List<PasskeyView> of(long personId) {
        return people.identified(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT id, name, created_at, last_used_at
                                          FROM passkey WHERE person_id = :person ORDER BY id
                                        """)
                                .param("person", personId)
                                .query(
                                        (row, _) ->
                                                new PasskeyView(
                                                        row.getLong("id"),
                                                        row.getString("name"),
                                                        instant(row, "created_at"),
                                                        row.getObject("last_used_at") == null
                                                                ? null
                                                                : instant(row, "last_used_at")))
                                .list());
    }

    /** A person who may sign in. */
    public Optional<Holder> holder(long personId) {
        return people.identified(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT id, email, passkey_handle
                                          FROM person WHERE id = :id AND status = 'ACTIVE'
                                        """)
                                .param("id", personId)
                                .query(Passkeys::toHolder)
                                .optional());
    }

    /** The same by what an authenticator knows. */
    public Optional<Holder> holder(byte[] handle) {
        return people.identified(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT id, email, passkey_handle
                                          FROM person WHERE passkey_handle = :handle AND status = 'ACTIVE'
                                        """)
                                .param("handle", handle)
                                .query(Passkeys::toHolder)
                                .optional());
    }

    private static Holder toHolder(ResultSet row, int number) throws SQLException {
        return new Holder(
                row.getLong("id"), row.getString("email"), row.getBytes("passkey_handle"));
    }

    /** Of people who may sign in. */
    public Optional<StoredPasskey> find(byte[] credentialId) {
        return people.identified(
                () ->
                        jdbc.sql(SELECT + " WHERE k.credential_id = :credential")
                                .param("credential", credentialId)
                                .query(Passkeys::toStored)
                                .optional());
    }

    public List<StoredPasskey> stored(long personId) {
        return people.identified(
                () ->
                        jdbc.sql(SELECT + " WHERE k.person_id = :person ORDER BY k.id")
                                .param("person", personId)
                                .query(Passkeys::toStored)
                                .list());
    }

    private static StoredPasskey toStored(ResultSet row, int number) throws SQLException {
        return new StoredPasskey(
                row.getBytes("credential_id"),
                row.getBytes("passkey_handle"),
                row.getLong("person_id"),
                row.getString("name"),
                row.getBytes("public_key"),
                row.getBytes("attestation_object"),
                row.getLong("sign_count"),
                Set.of((String[]) row.getArray("transports").getArray()),
                row.getBoolean("user_verified"),
                row.getBoolean("backup_eligible"),
                row.getBoolean("backup_state"),
                instant(row, "created_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /**
     * @throws Refusal.Invalid if it has no name
     * @throws Refusal.Conflict if the person has too many, or somebody has it already
     */
    public void add(StoredPasskey passkey) {
        String name = requireName(passkey.name());
        people.identified(
                () -> {
                    if (count(passkey.personId()) >= MOST) {
                        throw new Refusal.Conflict(
                                "too-many-passkeys",
                                "You have %d passkeys: remove one before you add another."
                                        .formatted(MOST));
                    }
                    int added = insert(passkey, name);
                    if (added == 0) {
                        throw new Refusal.Conflict(
                                "passkey-exists", "This passkey is in use already: take another.");
                    }
                    counted(passkey.personId());
                    return added;
                });
        changes.changed();
    }

    private int insert(StoredPasskey passkey, String name) {
        return jdbc.sql(
                        """
                        INSERT INTO passkey (person_id, credential_id, name, public_key, attestation_object, sign_count,
                                             transports, user_verified, backup_eligible, backup_state)
                        VALUES (:person, :credential, :name, :key, :attestation, :count,
                                :transports, :verified, :eligible, :state)
                        ON CONFLICT (credential_id) DO NOTHING
                        """)
                .param("person", passkey.personId())
                .param("credential", passkey.credentialId())
                .param("name", name)
                .param("key", passkey.publicKey())
                .param("attestation", passkey.attestationObject())
                .param("count", passkey.signCount())
                .param("transports", passkey.transports().toArray(String[]::new))
                .param("verified", passkey.userVerified())
                .param("eligible", passkey.backupEligible())
                .param("state", passkey.backupState())
                .update();
    }

    private int count(long personId) {
        // Locks the person, so that two requests at a time add one after the other.
        jdbc.sql("SELECT id FROM person WHERE id = :person FOR UPDATE")
                .param("person", personId)
                .query((row, _) -> row.getLong(1))
                .list();
        return jdbc.sql("SELECT count(*) FROM passkey WHERE person_id = :person")
                .param("person", personId)
                .query(Integer.class)
                .single();
    }

    private void counted(long personId) {
        jdbc.sql(
                        """
                        UPDATE person
                           SET passkeys = (SELECT count(*) FROM passkey WHERE person_id = :person)
                         WHERE id = :person
                        """)
                .param("person", personId)
                .update();
    }

    /**
     * Writes down a use. An authenticator that counts never shows the same number twice.
     *
     * @return whether the count is later than any before; if not, somebody has a copy
     */
    public boolean used(byte[] credentialId, long signCount) {
        return people.identified(
                        () ->
                                jdbc.sql(
                                                """
                                                UPDATE passkey SET sign_count = :count, last_used_at = :now
                                                 WHERE credential_id = :credential
                                                   AND (sign_count < :count OR sign_count = 0 AND :count = 0)
                                                """)
                                        .param("count", signCount)
                                        .param("now", PersonStore.utc(clock.instant()))
                                        .param("credential", credentialId)
                                        .update())
                == 1;
    }

    public void rename(long personId, long id, String name) {
        String required = requireName(name);
        int found =
                people.identified(
                        () ->
                                jdbc.sql(
                                                """
                                                UPDATE passkey SET name = :name
                                                 WHERE person_id = :person AND id = :id
                                                """)
                                        .param("name", required)
                                        .param("person", personId)
                                        .param("id", id)
                                        .update());
        requireFound(found, id);
    }

    public void remove(long personId, long id) {
        int found =
                people.identified(
                        () -> {
                            int removed =
                                    jdbc.sql(
                                                    """
                                                    DELETE FROM passkey
                                                     WHERE person_id = :person AND id = :id
                                                    """)
                                            .param("person", personId)
                                            .param("id", id)
                                            .update();
                            counted(personId);
                            return removed;
                        });
        requireFound(found, id);
        changes.changed();
    }

    private static void requireFound(int found, long id) {
        if (found == 0) {
            throw new Refusal.NotFound("passkey", id);
        }
    }

    private static String requireName(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty()
                || stripped.codePointCount(0, stripped.length()) > LONGEST_NAME
                || stripped.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "passkey-name-invalid",
                    "Give the passkey a name of up to %d characters, such as that of the device."
                            .formatted(LONGEST_NAME));
        }
        return stripped;
    }
}
