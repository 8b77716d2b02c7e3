package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.events.EventShards;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Starts the counting of events: few events are counted at once, many by a job whose chunks all
 * workers share. A workspace has one rollup at a time, so that a thousand active workspaces do not
 * launch a thousand jobs every few seconds.
 */
@Component
public final class Rollups {

    static final String JOB = "rollup";

    /** The shortest interval between rollups of a workspace. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** The delay after a failed or stopped rollup. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Rollups.class);

    private final JdbcClient jdbc;
    private final UncountedBatches batches;
    private final BatchCount count;
    private final TransactionTemplate transaction;
    private final Launches launches;
    private final Clock clock;

    Rollups(
            JdbcClient jdbc,
            UncountedBatches batches,
            BatchCount count,
            PlatformTransactionManager transactions,
            Launches launches,
            Clock clock) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.count = count;
        this.transaction = new TransactionTemplate(transactions);
        this.launches = launches;
        this.clock = clock;
    }

    /** Counts every workspace with waiting events. A failure does not affect the others. */
    public void countDue() {
        List<Long> workspaces =
                jdbc.sql("SELECT * FROM workspaces_with_marked_events()")
                        .query((row, _) -> row.getLong(1))
                        .list();
        for (long id : workspaces) {
            try {
                WorkspaceScope.run(id, this::countOrLaunch);
            } catch (DataAccessException | TransactionException e) {
                LOG.warn(
                        "The events of workspace {} could not be counted and are retried: {}",
                        id,
                        e.getMessage());
            }
        }
    }

    private void countOrLaunch() {
        if (batches.events() > CountStep.SINGLE_CHUNK) {
            launch();
        } else {
            countAll();
        }
    }

    /** Counts in the calling thread. Skips batches that a job or another node is counting. */
    void countAll() {
        transaction.executeWithoutResult(
                _ ->
                        count.count(
                                new UncountedBatches.Range(
                                        EventShards.ANY,
                                        0,
                                        batches.last(),
                                        CountStep.SINGLE_CHUNK)));
    }

    /** Launches a rollup of the current workspace, unless one is running or began a moment ago. */
    public Optional<Launch> launch() {
        Instant now = clock.instant();
        return Objects.requireNonNull(
                transaction.execute(_ -> due(now) ? Optional.of(launch(now)) : Optional.empty()));
    }

    /** Held until the commit, so that concurrent callers see each other's launch. */
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
                .param("trouble", now.minus(PAUSE_AFTER_FAILURE).toString())
                .query(Boolean.class)
                .single();
    }

    /** The key is unique per run, because the batches determine what is counted. */
    private Launch launch(Instant now) {
        String key = WorkspaceScope.required() + ":" + now.toEpochMilli();
        return launches.launch(new LaunchRequest(JOB, key, Map.of(), Priority.NORMAL));
    }
}
