package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Launches a rollup wherever events wait to be counted, and never a second one beside it. */
@Component
public final class Rollups {

    static final String JOB = "rollup";

    /** While events keep coming, a rollup begins so often at most. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** One that failed or was stopped is not repeated at once. */
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofMinutes(5);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Launches launches;
    private final Clock clock;

    Rollups(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Launches launches,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.launches = launches;
        this.clock = clock;
    }

    /** In every workspace that has events to be counted. */
    public void launchDue() {
        List<Long> workspaces =
                jdbc.sql("SELECT * FROM workspaces_with_marked_events()")
                        .query((row, _) -> row.getLong(1))
                        .list();
        workspaces.forEach(id -> WorkspaceScope.run(id, this::launch));
    }

    /** In the current workspace, unless one lives, or began a moment ago. */
    public Optional<Launch> launch() {
        Instant now = clock.instant();
        return Objects.requireNonNull(
                transaction.execute(_ -> due(now) ? Optional.of(launch(now)) : Optional.empty()));
    }

    /** The lock makes two that ask at once see each other's launch: it lasts until the commit. */
    private boolean due(Instant now) {
        jdbc.sql(
                        "SELECT pg_advisory_xact_lock(hashtextextended('mailgenius.launch.rollup', :workspace))")
                .param("workspace", WorkspaceScope.required())
                .query((_, _) -> true)
                .single();
        return jdbc.sql(
                        """
                        SELECT NOT EXISTS (
                            SELECT FROM launch
                             WHERE workspace_id = :workspace AND job_name = :job
                               AND (state IN ('QUEUED', 'RUNNING', 'STOPPING')
                                    OR requested_at > :pause::timestamptz
                                    OR state IN ('FAILED', 'STOPPED') AND ended_at > :trouble::timestamptz))
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("job", JOB)
                .param("pause", now.minus(PAUSE).toString())
                .param("trouble", now.minus(PAUSE_AFTER_TROUBLE).toString())
                .query(Boolean.class)
                .single();
    }

    /** A run per key: what is to be counted is in the marks, so a later run is another one. */
    private Launch launch(Instant now) {
        String key = WorkspaceScope.required() + ":" + now.toEpochMilli();
        return launches.launch(new LaunchRequest(JOB, key, Map.of(), Priority.NORMAL));
    }
}
