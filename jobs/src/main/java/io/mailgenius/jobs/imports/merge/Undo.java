package io.mailgenius.jobs.imports.merge;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.jobs.imports.columns.ContactField;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Takes back what an import did to a range of contacts: deletes the contacts that it created, and
 * restores the others from their before-image. A contact that something else has changed since
 * stays as it is. The reference to the import is removed with it, so that a second run changes
 * nothing.
 */
public final class Undo {

    public static final String DELETED = "deleted";
    public static final String RESTORED = "restored";
    public static final String TAKEN_OFF = "takenOff";
    public static final String CHANGED = "changed";
    public static final String MAILED = "mailed";
    public static final String ON_OTHER_LISTS = "onOtherLists";

    /** Columns that the import did not change are not in the before-image. */
    private static final String FIELDS =
            Stream.concat(
                            Arrays.stream(ContactField.values())
                                    .filter(field -> field != ContactField.EMAIL)
                                    .map(ContactField::column),
                            Stream.of("status"))
                    .map(
                            """
                            %1$s = CASE WHEN jsonb_exists(c.import_before, '%1$s')
                                       THEN c.import_before ->> '%1$s' ELSE c.%1$s END,
                            """
                                    ::formatted)
                    .collect(Collectors.joining());

    private final JdbcClient jdbc;

    public Undo(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Contacts with ids in {@code (after, through]}. */
    public record Range(long importId, long after, long through, int contacts) {}

    /**
     * Must run in a transaction. Locks the contacts, so that none is mailed or changed meanwhile.
     */
    public ChunkCounts takeBack(Range range) {
        Map<String, Long> counts = new HashMap<>();
        counts.put(TAKEN_OFF, (long) takeOffLists(range));
        mark(range);
        counts.put(RESTORED, (long) restore(range));
        unsuppress(range);
        resuppress(range);
        counts.put(DELETED, (long) delete(range));
        for (String why : new String[] {CHANGED, MAILED, ON_OTHER_LISTS}) {
            counts.put(why, count(why));
        }
        return new ChunkCounts(counts);
    }

    private int takeOffLists(Range range) {
        return sql(
                        """
                        DELETE FROM list_member
                         WHERE workspace_id = :workspace AND import_id = :import
                           AND contact_id > :after AND contact_id <= :through
                        """,
                        range)
                .update();
    }

    /**
     * Writes what happens to each contact into a temporary table. Sends are looked up campaign by
     * campaign, because the campaign is the first column of their key, and only in campaigns that
     * had not finished when the contact was created. If a campaign's sends are expired, the contact
     * may have been mailed.
     */
    private void mark(Range range) {
        jdbc.sql(
                        """
                        CREATE TEMP TABLE IF NOT EXISTS undo_row (id bigint, email text COLLATE "C", fate text)
                        ON COMMIT DELETE ROWS
                        """)
                .update();
        sql(
                        """
                        INSERT INTO undo_row (id, email, fate)
                        SELECT c.id, c.email,
                               CASE WHEN c.import_outcome = ${UNCHANGED} THEN 'nothing'
                                    WHEN c.import_outcome = ${UPDATED}
                                         THEN CASE WHEN c.updated_at = (c.import_before ->> 'set')::timestamptz
                                                   THEN 'restore' ELSE 'changed' END
                                    WHEN c.updated_at <> c.created_at THEN 'changed'
                                    WHEN EXISTS (SELECT FROM campaign p
                                                   JOIN send s ON s.workspace_id = :workspace
                                                              AND s.campaign_id = p.id AND s.contact_id = c.id
                                                  WHERE p.workspace_id = :workspace
                                                    AND p.launched_at IS NOT NULL
                                                    AND (p.finished_at IS NULL OR p.finished_at >= c.created_at))
                                      OR EXISTS (SELECT FROM campaign p
                                                  WHERE p.workspace_id = :workspace
                                                    AND p.sends_forgotten_at IS NOT NULL
                                                    AND (p.finished_at IS NULL OR p.finished_at >= c.created_at))
                                      OR EXISTS (SELECT FROM event e
                                                  WHERE e.workspace_id = :workspace AND e.contact_id = c.id)
                                         THEN 'mailed'
                                    WHEN EXISTS (SELECT FROM list_member m
                                                  WHERE m.workspace_id = :workspace AND m.contact_id = c.id)
                                         THEN 'onOtherLists'
                                    ELSE 'delete' END
                          FROM (SELECT * FROM contact
                                 WHERE workspace_id = :workspace AND id > :after AND id <= :through
                                   AND import_id = :import
                                 ORDER BY id FOR UPDATE) c
                        """,
                        range)
                .update();
    }

    private int restore(Range range) {
        return sql(
                        """
                        UPDATE contact c
                           SET %s
                               attributes = coalesce(c.import_before -> 'attributes', c.attributes),
                               updated_at = (c.import_before ->> 'updated_at')::timestamptz,
                               import_id = NULL, import_line = NULL, import_outcome = NULL,
                               import_before = NULL
                          FROM undo_row u
                         WHERE c.workspace_id = :workspace AND c.id = u.id AND u.fate = 'restore'
                        """
                                .formatted(FIELDS),
                        range)
                .update();
    }

    /** Deletes the suppressions of the file, unless the person has opted out since. */
    private void unsuppress(Range range) {
        sql(
                        """
                        DELETE FROM suppression s USING undo_row u
                         WHERE s.workspace_id = :workspace AND s.email = u.email AND s.source = :source
                           AND u.fate IN ('restore', 'delete')
                           AND NOT EXISTS (SELECT FROM event e
                                            WHERE e.workspace_id = :workspace AND e.contact_id = u.id
                                              AND e.type IN ('UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED')
                                              AND e.occurred_at >= s.created_at)
                        """,
                        range)
                .param("source", FileConsent.source(range.importId()))
                .update();
    }

    /**
     * Restores the suppressions that a resubscription deleted, unless the address has one again.
     */
    private void resuppress(Range range) {
        sql(
                        """
                        WITH restored AS (
                            UPDATE consent_change a SET undone_at = now()
                              FROM undo_row u
                             WHERE a.workspace_id = :workspace AND a.import_id = :import AND a.contact_id = u.id
                               AND u.fate IN ('restore', 'delete') AND a.undone_at IS NULL
                            RETURNING a.email, a.suppression, a.suppressed_by
                        )
                        INSERT INTO suppression (workspace_id, email, reason, source)
                        SELECT :workspace, email, suppression, suppressed_by FROM restored
                         WHERE suppression IS NOT NULL ORDER BY email
                        ON CONFLICT DO NOTHING
                        """,
                        range)
                .update();
    }

    private int delete(Range range) {
        return sql(
                        """
                        DELETE FROM contact c USING undo_row u
                         WHERE c.workspace_id = :workspace AND c.id = u.id AND u.fate = 'delete'
                        """,
                        range)
                .update();
    }

    private long count(String why) {
        return jdbc.sql("SELECT count(*) FROM undo_row WHERE fate = :why")
                .param("why", why)
                .query((row, n) -> row.getLong(1))
                .single();
    }

    private StatementSpec sql(String sql, Range range) {
        return jdbc.sql(new SqlTemplate(sql).sql())
                .param("workspace", WorkspaceScope.required())
                .param("import", range.importId())
                .param("after", range.after())
                .param("through", range.through());
    }
}
