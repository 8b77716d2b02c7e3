package io.mailgenius.jobs.offboarding;

import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables that have rows of workspaces, as the catalogue of the database names them. */
@Component
final class WorkspaceTables {

    /** What a deletion needs until its job is over. */
    private static final Set<String> LAST = Set.of("launch", "chunk", "membership");

    private final JdbcClient jdbc;

    WorkspaceTables(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<String> exported() {
        return all().stream().filter(it -> !it.equals("chunk")).toList();
    }

    List<String> deleted() {
        return all().stream().filter(it -> !LAST.contains(it)).toList();
    }

    private List<String> all() {
        return jdbc.sql("SELECT name::text FROM workspace_tables() ORDER BY rank, name::text")
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** The table and all that refer to it; those that refer come first. */
    List<String> withReferring(String table) {
        return jdbc.sql(
                        """
                        SELECT name::text FROM workspace_tables(:table::regclass) ORDER BY rank, name::text
                        """)
                .param("table", table)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /**
     * @return how many rows of the current workspace were deleted, {@code most} at the most
     */
    long delete(String table, int most) {
        return jdbc.sql("SELECT delete_workspace_rows(:table::regclass, :most)")
                .param("table", table)
                .param("most", most)
                .query(Long.class)
                .single();
    }

    /** Columns without what opens anything: secrets, and hashes of keys and links. */
    String columns(String table) {
        return jdbc.sql(
                        """
                        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                          FROM pg_attribute a
                         WHERE a.attrelid = :table::regclass AND a.attnum > 0 AND NOT a.attisdropped
                           AND a.atttypid <> 'sealed_secret'::regtype
                           AND a.attname NOT IN ('key_hash', 'token_hash', 'send_key', 'domain_token')
                        """)
                .param("table", table)
                .query(String.class)
                .single();
    }

    /** Whether jobs of the current workspace still run, apart from this one. */
    boolean othersRun(long jobInstanceId) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM launch
                                        WHERE workspace_id = :workspace
                                          AND job_instance_id IS DISTINCT FROM :own
                                          AND (state = 'RUNNING'
                                               OR state = 'STOPPING' AND job_instance_id IS NOT NULL))
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("own", jobInstanceId)
                .query(Boolean.class)
                .single();
    }

    List<Long> othersAlive(long launchId) {
        return jdbc.sql(
                        """
                        SELECT id FROM launch
                         WHERE workspace_id = :workspace AND id <> :own
                           AND state IN ('QUEUED', 'RUNNING', 'STOPPING') ORDER BY id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("own", launchId)
                .query((row, _) -> row.getLong(1))
                .list();
    }
}
