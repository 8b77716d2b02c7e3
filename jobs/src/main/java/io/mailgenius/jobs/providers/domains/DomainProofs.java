package io.mailgenius.jobs.providers.domains;

import io.mailgenius.schema.WorkspaceScope;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Whether a domain is the current workspace's: it has a TXT record with the workspace's token. The
 * first workspace needs none for the domains of the installation's account.
 */
public final class DomainProofs {

    /** A record that was seen is looked for again after so long; a domain may change hands. */
    private static final Duration VALID = Duration.ofDays(7);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final TxtRecords records;
    private final Clock clock;

    DomainProofs(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            TxtRecords records,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.records = records;
        this.clock = clock;
    }

    /**
     * The TXT record that proves a domain.
     *
     * @param value one of the texts at this name
     */
    public record DomainRecord(String name, String value) {}

    private record Known(UUID token, boolean first, @Nullable Instant provenAt) {}

    /**
     * Looks the record up unless it was seen in the last days: call it outside of any transaction.
     *
     * @param domain in ASCII and small letters
     * @return the record that is to be set; empty if the domain is proven
     */
    public Optional<DomainRecord> missing(String domain) {
        Known known = known(domain);
        Instant now = clock.instant();
        Instant proven = known.provenAt();
        if (known.first() || (proven != null && now.isBefore(proven.plus(VALID)))) {
            return Optional.empty();
        }
        DomainRecord wanted = record(domain, known.token());
        try {
            boolean seen =
                    records.of(wanted.name()).stream()
                            .anyMatch(text -> text.strip().equalsIgnoreCase(wanted.value()));
            write(domain, seen ? now : null);
            return seen ? Optional.empty() : Optional.of(wanted);
        } catch (IOException nothingIsKnown) {
            return proven == null ? Optional.of(wanted) : Optional.empty();
        }
    }

    /** The record that proves a domain for this workspace, whether or not it is set. */
    public DomainRecord record(String domain) {
        return record(domain, known(domain).token());
    }

    private static DomainRecord record(String domain, UUID token) {
        return new DomainRecord("_mailgenius." + domain, "mailgenius-workspace=" + token);
    }

    private Known known(String domain) {
        return Objects.requireNonNull(
                transaction.execute(
                        _ ->
                                jdbc.sql(
                                                """
                                                SELECT w.domain_token, w.id = (SELECT min(f) FROM workspace_ids() f) AS first,
                                                       d.proven_at
                                                  FROM workspace w
                                                  LEFT JOIN sender_domain d ON d.workspace_id = w.id AND d.name = :domain
                                                 WHERE w.id = :workspace
                                                """)
                                        .param("domain", domain)
                                        .param("workspace", WorkspaceScope.required())
                                        .query(
                                                (row, _) ->
                                                        new Known(
                                                                row.getObject(
                                                                        "domain_token", UUID.class),
                                                                row.getBoolean("first"),
                                                                instant(
                                                                        row.getObject(
                                                                                "proven_at",
                                                                                OffsetDateTime
                                                                                        .class))))
                                        .single()));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime moment) {
        return moment == null ? null : moment.toInstant();
    }

    /**
     * @param provenAt null if the record is no longer there
     */
    private void write(String domain, @Nullable Instant provenAt) {
        transaction.executeWithoutResult(
                _ -> {
                    if (provenAt == null) {
                        jdbc.sql(
                                        "DELETE FROM sender_domain WHERE workspace_id = :workspace AND name = :domain")
                                .param("workspace", WorkspaceScope.required())
                                .param("domain", domain)
                                .update();
                        return;
                    }
                    jdbc.sql(
                                    """
                                    INSERT INTO sender_domain (workspace_id, name, proven_at)
                                    VALUES (:workspace, :domain, :now)
                                    ON CONFLICT (workspace_id, name) DO UPDATE SET proven_at = excluded.proven_at
                                    """)
                            .param("workspace", WorkspaceScope.required())
                            .param("domain", domain)
                            .param("now", provenAt.atOffset(ZoneOffset.UTC))
                            .update();
                });
    }
}
