package io.mailgenius.engine.launching;

import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Queries about active launches for managers and workers: which are running, which are to stop, and
 * who owns an epoch.
 */
public final class LiveLaunches {

    /** The parameter that marks an execution which continues a parked job. */
    public static final String RESUMED = "resumed";

    private final JdbcClient jdbc;
    private final JdbcClient control;
    private volatile boolean shuttingDown;

    /**
     * @param jdbc joins the caller's transactions
     * @param control reads outside of them, over the connections of the control plane
     */
    public LiveLaunches(JdbcClient jdbc, JdbcClient control) {
        this.jdbc = jdbc;
        this.control = control;
    }

    /** A job whose queue workers should serve. */
    public record Live(long jobInstanceId, long workspaceId, Priority priority) {}

    public List<Live> live() {
        return control.sql(
                        """
                        SELECT job_instance_id, workspace_id, priority FROM launch
                         WHERE state = 'RUNNING' AND job_instance_id IS NOT NULL
                        """)
                .query(
                        (row, n) ->
                                new Live(
                                        row.getLong("job_instance_id"),
                                        row.getLong("workspace_id"),
                                        Priority.valueOf(row.getString("priority"))))
                .list();
    }

    /**
     * Records the execution of the launch, so that workers may claim its chunks.
     *
     * @throws SupersededException if another node has taken the launch over
     */
    public void started(long launchId, int epoch, long jobInstanceId, long jobExecutionId) {
        int started =
                jdbc.sql(
                                """
                                UPDATE launch SET job_instance_id = :instance, job_execution_id = :execution
                                 WHERE id = :id AND epoch = :epoch
                                """)
                        .param("instance", jobInstanceId)
                        .param("execution", jobExecutionId)
                        .param("id", launchId)
                        .param("epoch", epoch)
                        .update();
        if (started == 0) {
            throw new SupersededException(launchId, epoch);
        }
    }

    public Priority priority(long launchId) {
        return Priority.valueOf(
                control.sql("SELECT priority FROM launch WHERE id = :id")
                        .param("id", launchId)
                        .query(String.class)
                        .single());
    }

    /** Starts the shutdown: the jobs that this node runs are to end and continue on other nodes. */
    void beginShutdown() {
        shuttingDown = true;
    }

    /**
     * Whether this node is shutting down. A running step polls this, because an interrupt would
     * close the connection that a statement is using.
     */
    public boolean shuttingDown() {
        return shuttingDown;
    }

    /** The state of a launch for the manager that runs it. */
    public enum Signal {
        CONTINUE,
        /** A stop was requested: claimed chunks may finish. */
        STOP,
        /**
         * Another node has taken the launch over, or it has ended: this manager must not continue.
         */
        SUPERSEDED
    }

    /**
     * @param epoch the epoch under which the calling manager runs the launch; a restart after a
     *     stop has a later one
     */
    public Signal signal(long launchId, int epoch) {
        return control.sql("SELECT state FROM launch WHERE id = :id AND epoch = :epoch")
                .param("id", launchId)
                .param("epoch", epoch)
                .query(String.class)
                .optional()
                .map(state -> signal(LaunchState.valueOf(state)))
                .orElse(Signal.SUPERSEDED);
    }

    private static Signal signal(LaunchState state) {
        return switch (state) {
            case RUNNING -> Signal.CONTINUE;
            case STOPPING -> Signal.STOP;
            case QUEUED, COMPLETED, FAILED, STOPPED, ABANDONED -> Signal.SUPERSEDED;
        };
    }

    /**
     * Must be called in every transaction in which a manager writes: it locks the epoch until the
     * commit, so that no other node can take the execution over in between.
     *
     * @throws SupersededException if another node has taken it over
     */
    public void fence(long launchId, int epoch) {
        boolean current =
                jdbc.sql("SELECT epoch FROM launch WHERE id = :id FOR SHARE")
                        .param("id", launchId)
                        .query(Integer.class)
                        .optional()
                        .filter(held -> held == epoch)
                        .isPresent();
        if (!current) {
            throw new SupersededException(launchId, epoch);
        }
    }
}
