package io.mailgenius.jobs.privacy;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.StatementLimit;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Archives of all that the current workspace knows about an address. They are stored encrypted
 * until they expire.
 */
@Component
@Transactional
public class PersonExports {

    /** Long enough to be handed over, and no longer. */
    public static final Duration KEPT = Duration.ofDays(7);

    /** Rejects and proofs of consent have no index of addresses. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final JdbcClient jdbc;
    private final SecretEncryption encryption;
    private final TransactionTemplate transaction;
    private final Clock clock;

    PersonExports(
            JdbcClient jdbc,
            SecretEncryption encryption,
            TransactionTemplate transaction,
            Clock clock) {
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.clock = clock;
    }

    private static String purpose() {
        return "privacy-export:" + WorkspaceScope.required();
    }

    /**
     * @throws Refusal.Invalid if the address is malformed
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public ExportView create(String email) {
        String address = EmailAddress.required(email).value();
        return StatementLimit.call(
                LIMIT, () -> Objects.requireNonNull(transaction.execute(_ -> collect(address))));
    }

    private ExportView collect(String address) {
        byte[] archive = new PersonArchive(jdbc).of(address);
        Instant now = clock.instant();
        long id =
                jdbc.sql(
                                """
                                INSERT INTO privacy_export (workspace_id, archive, bytes, created_at, expires_at)
                                VALUES (:workspace, :archive, :bytes, :now, :expires) RETURNING id
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("archive", encryption.encrypt(archive, purpose()))
                        .param("bytes", archive.length)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("expires", now.plus(KEPT).atOffset(ZoneOffset.UTC))
                        .query((row, _) -> row.getLong(1))
                        .single();
        return find(id);
    }

    @Transactional(readOnly = true)
    public ExportView find(long id) {
        return jdbc.sql(
                        """
                        SELECT id, bytes, created_at, expires_at FROM privacy_export
                         WHERE workspace_id = :workspace AND id = :id AND expires_at > :now
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(
                        (row, _) ->
                                new ExportView(
                                        row.getLong("id"),
                                        row.getLong("bytes"),
                                        row.getObject("created_at", OffsetDateTime.class)
                                                .toInstant(),
                                        row.getObject("expires_at", OffsetDateTime.class)
                                                .toInstant()))
                .optional()
                .orElseThrow(() -> new Refusal.NotFound("export", id));
    }

    /**
     * The archive, a ZIP.
     *
     * @throws Refusal.NotFound also if it has expired
     */
    @Transactional(readOnly = true)
    public byte[] archive(long id) {
        find(id);
        return encryption.decrypt(
                jdbc.sql(
                                "SELECT archive FROM privacy_export WHERE workspace_id = :workspace AND id = :id")
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .query((row, _) -> row.getBytes(1))
                        .single(),
                purpose());
    }
}
