package io.mailgenius.jobs.audit;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.engine.tenancy.AutocommitReadTemplate;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.schema.ActorScope.Actor;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and checks the audit trail of the current workspace. Changes are recorded by triggers, in
 * the transaction of the change, so there is nothing to call for them.
 */
@Component
public class AuditTrail {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    /** Entries that are read at a time for a file. */
    private static final int EXPORTED = 1_000;

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    /** Entries that are removed in a transaction, for which changes of the workspace wait. */
    private static final int CUT_AT_ONCE = 10_000;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final AutocommitReadTemplate reads;
    private final TransactionTemplate transaction;

    AuditTrail(JdbcClient jdbc, JsonMapper json, PlatformTransactionManager transactions) {
        this.reads = new AutocommitReadTemplate(transactions);
        this.transaction = new TransactionTemplate(transactions);
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * The newest first.
     *
     * @param after the position before which to read on; 0 at the start
     */
    @AutocommitRead
    public Page<AuditEntry> page(AuditFilter filter, long after, int limit) {
        return Page.of(rows(filter, after, Page.rows(limit)), limit, AuditEntry::position);
    }

    /** All of them, the newest first, read some at a time. */
    public void each(AuditFilter filter, Consumer<AuditEntry> taker) {
        long after = 0;
        List<AuditEntry> some = read(filter, after);
        while (!some.isEmpty()) {
            some.forEach(taker);
            after = some.getLast().position();
            some = after == 1 ? List.of() : read(filter, after);
        }
    }

    private List<AuditEntry> read(AuditFilter filter, long after) {
        return Objects.requireNonNull(reads.execute(_ -> rows(filter, after, EXPORTED)));
    }

    private List<AuditEntry> rows(AuditFilter filter, long after, int rows) {
        return jdbc.sql(
                        """
                                SELECT position, at, actor, action, noun, target, before, after, hash
                                  FROM audit_entry
                                 WHERE workspace_id = (SELECT current_workspace())
                                   AND position < CASE WHEN :after = 0 THEN 9223372036854775807 ELSE :after END
                                   AND (:actor::text IS NULL OR actor ->> 'name' = :actor)
                                   AND (:action::text IS NULL OR action = :action)
                                   AND (:noun::text IS NULL OR noun = :noun)
                                   AND (:target::text IS NULL OR target = :target)
                                   AND (:request::text IS NULL OR actor ->> 'requestId' = :request)
                                   AND (:from::timestamptz IS NULL OR at >= :from)
                                   AND (:until::timestamptz IS NULL OR at < :until)
                                 ORDER BY position DESC
                                 LIMIT :limit
                                """)
                .param("after", after)
                .param("actor", filter.actor())
                .param("action", filter.action())
                .param("noun", filter.noun())
                .param("target", filter.target())
                .param("request", filter.requestId())
                .param("from", utc(filter.from()))
                .param("until", utc(filter.until()))
                .param("limit", rows)
                .query(
                        (row, _) ->
                                new AuditEntry(
                                        row.getLong("position"),
                                        row.getObject("at", OffsetDateTime.class).toInstant(),
                                        json.readTree(row.getString("actor")),
                                        row.getString("action"),
                                        row.getString("noun"),
                                        row.getString("target"),
                                        tree(row.getString("before")),
                                        tree(row.getString("after")),
                                        HexFormat.of().formatHex(row.getBytes("hash"))))
                .list();
    }

    /** The same moment, or the nearest one that PostgreSQL and four digits of a year have. */
    private static @Nullable OffsetDateTime utc(@Nullable Instant moment) {
        if (moment == null) {
            return null;
        }
        Instant within = moment.isBefore(FIRST) ? FIRST : moment.isAfter(LAST) ? LAST : moment;
        return within.atOffset(ZoneOffset.UTC);
    }

    private @Nullable JsonNode tree(@Nullable String text) {
        return text == null ? null : json.readTree(text);
    }

    /**
     * @param entries how many there are
     * @param firstBroken the position of the first entry that was changed, or before which one is
     *     missing; null if the chain is whole
     */
    public record Verification(long entries, @Nullable Long firstBroken) {}

    /** Computes every hash of the chain again. */
    @AutocommitRead
    public Verification verify() {
        return jdbc.sql("SELECT entries, broken FROM audit_verify()")
                .query(
                        (row, _) ->
                                new Verification(
                                        row.getLong("entries"),
                                        row.getObject("broken", Long.class)))
                .single();
    }

    /**
     * Removes entries that are older than the workspace wants, and records that; the chain can be
     * verified from there on.
     *
     * @return how many were removed
     */
    public long cut() {
        long all = 0;
        long removed = CUT_AT_ONCE;
        while (removed >= CUT_AT_ONCE) {
            removed = Objects.requireNonNull(transaction.execute(_ -> cutSome()));
            all += removed;
        }
        return all;
    }

    private long cutSome() {
        return jdbc.sql("SELECT cut_audit(:most)")
                .param("most", CUT_AT_ONCE)
                .query(Long.class)
                .single();
    }

    /** Records an attempt that was refused, in a transaction of its own. */
    @Transactional
    public void refused(
            Actor actor, String noun, @Nullable String target, Map<String, Object> asked) {
        jdbc.sql("SELECT audit_attempt(:actor::jsonb, :noun, :target, :asked::jsonb)")
                .param("actor", json.writeValueAsString(actor))
                .param("noun", noun)
                .param("target", target)
                .param("asked", json.writeValueAsString(asked))
                .query((_, _) -> 1)
                .single();
    }
}
