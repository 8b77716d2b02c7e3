package io.mailgenius.jobs.segments;

import io.mailgenius.schema.SegmentStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code segment}. */
final class SegmentStore {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    SegmentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty if the name is taken. */
    Optional<Long> insert(String name, JsonNode rule) {
        return sql("""
                   INSERT INTO segment (workspace_id, name, rule)
                   VALUES (:workspace, :name, CAST(:rule AS jsonb))
                   ON CONFLICT (workspace_id, name) DO NOTHING
                   RETURNING id
                   """)
                .param("name", name)
                .param("rule", JSON.writeValueAsString(rule))
                .query(Long.class)
                .optional();
    }

    /**
     * The chunks read data that is newer than the horizon recorded here. A segment that is counted
     * in the background stays {@code READY}.
     */
    void counting(long id, long launchId, boolean inBackground) {
        sql("""
            UPDATE segment
               SET status = CASE WHEN :byTheWay THEN status ELSE 'BUILDING' END, counting = true,
                   launch_id = :launch, seen_tx = contact_change_horizon()
             WHERE workspace_id = :workspace AND id = :id
            """)
                .param("byTheWay", inBackground)
                .param("launch", launchId)
                .param("id", id)
                .update();
    }

    /** Locks the segment against concurrent refreshes and returns its latest launch; 0 if none. */
    Optional<Long> lock(long id) {
        return sql("""
                   SELECT coalesce(launch_id, 0) FROM segment
                    WHERE workspace_id = :workspace AND id = :id
                      FOR NO KEY UPDATE
                   """)
                .param("id", id)
                .query(Long.class)
                .optional();
    }

    /** Locks the segment against deletion and returns its rule. */
    Optional<JsonNode> ruleOf(long id) {
        return sql("""
                   SELECT rule FROM segment
                    WHERE workspace_id = :workspace AND id = :id
                      FOR KEY SHARE
                   """)
                .param("id", id)
                .query((row, _) -> JSON.readTree(row.getString("rule")))
                .optional();
    }

    /** No effect if the segment has a later launch. */
    void restarted(long id, long launchId) {
        sql("""
            UPDATE segment
               SET status = CASE WHEN counting THEN status ELSE 'BUILDING' END, counting = true
             WHERE workspace_id = :workspace AND id = :id AND launch_id = :launch
            """)
                .param("id", id)
                .param("launch", launchId)
                .update();
    }

    /**
     * No effect if the segment has a later launch.
     *
     * @param asOf changes committed before are included
     * @param zone the time zone of the rule's days
     */
    void ready(long id, long launchId, long members, Instant asOf, ZoneId zone) {
        sql("""
            UPDATE segment
               SET status = 'READY', counting = false, members = :members,
                   refreshed_at = :asOf, counted_at = :asOf, counted_zone = :zone, turns_at = '-infinity'
             WHERE workspace_id = :workspace AND id = :id AND launch_id = :launch
            """)
                .param("members", members)
                .param("asOf", asOf.atOffset(ZoneOffset.UTC))
                .param("zone", zone.getId())
                .param("id", id)
                .param("launch", launchId)
                .update();
    }

    /** No effect if the segment has a later launch. */
    void failed(long id, long launchId) {
        sql("""
            UPDATE segment SET status = 'FAILED', counting = false
             WHERE workspace_id = :workspace AND id = :id AND launch_id = :launch
            """)
                .param("id", id)
                .param("launch", launchId)
                .update();
    }

    /** The time zone of the rule's days. */
    ZoneId zone() {
        return sql("SELECT time_zone FROM workspace WHERE id = :workspace")
                .query((row, _) -> ZoneId.of(row.getString("time_zone")))
                .single();
    }

    /**
     * How current the members of a segment are.
     *
     * @param seen changes of all transactions below are included; null if a full count is required
     * @param countedAt the time of the last full count
     * @param countedZone the time zone of that count
     */
    record Standing(
            JsonNode rule, @Nullable Long seen, @Nullable Instant countedAt, ZoneId countedZone) {}

    /**
     * Locks the segment against concurrent writers of its members. Empty if it does not exist, is
     * not {@code READY}, or is being counted.
     */
    Optional<Standing> standing(long id) {
        return sql("""
                   SELECT rule, seen_tx, counted_at, coalesce(counted_zone, 'UTC') AS zone FROM segment
                    WHERE workspace_id = :workspace AND id = :id AND status = 'READY' AND NOT counting
                      FOR NO KEY UPDATE
                   """)
                .param("id", id)
                .query(
                        (row, _) ->
                                new Standing(
                                        JSON.readTree(row.getString("rule")),
                                        row.getObject("seen_tx", Long.class),
                                        instant(row, "counted_at"),
                                        ZoneId.of(row.getString("zone"))))
                .optional();
    }

    /**
     * Called in the transaction that holds the lock and has evaluated the changed contacts.
     *
     * @param turnsAt when the result may differ without a change; null for never
     */
    void caughtUp(long id, long seen, long more, Instant asOf, @Nullable Instant turnsAt) {
        sql("""
            UPDATE segment
               SET seen_tx = :seen, members = members + :more, refreshed_at = :asOf,
                   turns_at = CAST(:turnsAt AS timestamptz)
             WHERE workspace_id = :workspace AND id = :id
            """)
                .param("seen", seen)
                .param("more", more)
                .param("asOf", asOf.atOffset(ZoneOffset.UTC))
                .param("turnsAt", turnsAt == null ? null : turnsAt.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .update();
    }

    /**
     * Segments with changes since their last refresh, and time-dependent segments whose interval
     * has passed.
     */
    List<Long> behind(Instant lookedAt) {
        return sql("""
                   SELECT s.id FROM segment s
                    WHERE s.workspace_id = :workspace AND s.status = 'READY' AND NOT s.counting
                      AND (s.seen_tx IS NULL
                           OR s.refreshed_at IS NULL
                           OR s.turns_at <= now() AND s.refreshed_at < :lookedAt
                           OR EXISTS (SELECT FROM contact_change g
                                       WHERE g.workspace_id = s.workspace_id AND g.tx >= s.seen_tx))
                    ORDER BY s.refreshed_at NULLS FIRST, s.id
                   """)
                .param("lookedAt", lookedAt.atOffset(ZoneOffset.UTC))
                .query((row, _) -> row.getLong("id"))
                .list();
    }

    /** Requires a full count. */
    void requireFullCount(long id) {
        sql("UPDATE segment SET seen_tx = NULL WHERE workspace_id = :workspace AND id = :id")
                .param("id", id)
                .update();
    }

    /**
     * Whether a full count or an import is running in the workspace, whose changes would require
     * another count.
     */
    boolean isBusy() {
        return sql("""
                   SELECT EXISTS (SELECT FROM segment WHERE workspace_id = :workspace AND counting)
                       OR EXISTS (SELECT FROM launch
                                   WHERE workspace_id = :workspace AND job_name IN ('import', 'import-undo')
                                     AND state IN ('QUEUED', 'RUNNING', 'STOPPING'))
                   """)
                .query(Boolean.class)
                .single();
    }

    Optional<SegmentView> find(long id) {
        return sql("SELECT * FROM segment WHERE workspace_id = :workspace AND id = :id")
                .param("id", id)
                .query(SegmentStore::view)
                .optional();
    }

    List<SegmentView> page(long after, int rows) {
        return sql("""
                   SELECT * FROM segment
                    WHERE workspace_id = :workspace AND id > :after
                    ORDER BY id LIMIT :rows
                   """)
                .param("after", after)
                .param("rows", rows)
                .query(SegmentStore::view)
                .list();
    }

    /**
     * Deletes the segment row first, which waits for chunks that are writing members; later chunks
     * find no segment and write none.
     */
    boolean delete(long id) {
        boolean deleted =
                sql("DELETE FROM segment WHERE workspace_id = :workspace AND id = :id")
                                .param("id", id)
                                .update()
                        == 1;
        sql("DELETE FROM segment_member WHERE workspace_id = :workspace AND segment_id = :id")
                .param("id", id)
                .update();
        return deleted;
    }

    List<Long> unknownLists(Collection<Long> ids) {
        return unknown(
                """
                SELECT given FROM unnest(CAST(:ids AS bigint[])) given
                 WHERE NOT EXISTS (SELECT FROM list l WHERE l.workspace_id = :workspace AND l.id = given)
                """,
                ids);
    }

    List<Long> unknownCampaigns(Collection<Long> ids) {
        return unknown(
                """
                SELECT given FROM unnest(CAST(:ids AS bigint[])) given
                 WHERE NOT EXISTS (SELECT FROM campaign k WHERE k.workspace_id = :workspace AND k.id = given)
                """,
                ids);
    }

    /** The given campaigns whose sends have been purged. */
    List<Long> forgottenCampaigns(Collection<Long> ids) {
        return unknown(
                """
                SELECT given FROM unnest(CAST(:ids AS bigint[])) given
                 WHERE EXISTS (SELECT FROM campaign k WHERE k.workspace_id = :workspace AND k.id = given
                                  AND k.sends_forgotten_at IS NOT NULL)
                """,
                ids);
    }

    private List<Long> unknown(String sql, Collection<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : sql(sql).param("ids", ids.toArray(Long[]::new))
                        .query((row, _) -> row.getLong("given"))
                        .list();
    }

    private StatementSpec sql(String sql) {
        return jdbc.sql(sql).param("workspace", WorkspaceScope.required());
    }

    private static SegmentView view(ResultSet row, int number) throws SQLException {
        return new SegmentView(
                row.getLong("id"),
                row.getString("name"),
                JSON.readTree(row.getString("rule")),
                SegmentStatus.valueOf(row.getString("status")),
                row.getLong("members"),
                row.getObject("launch_id", Long.class),
                Objects.requireNonNull(instant(row, "created_at")),
                instant(row, "refreshed_at"),
                instant(row, "counted_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
