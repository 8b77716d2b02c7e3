package io.mailgenius.engine.launching;

import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.Priority;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the running side of the engine asks about launches: who lives, who is to stop, whose epoch
 * it is.
 */
public final class LiveLaunches {

    /** Name of the parameter of an execution that goes on with a job that was parked. */
    public static final String RESUMED = "resumed";

    private final JdbcClient jdbc;
    private final JdbcClient control;
    private volatile boolean leaving;

    /**
     * @param jdbc joins the transactions of those who write
     * @param control asks without waiting for them
     */
    public LiveLaunches(JdbcClient jdbc, JdbcClient control) {
        this.jdbc = jdbc;
        this.control = control;
    }

    /** A job that workers should know about. */
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
     * The launch's execution is on its way, and workers may take its chunks.
     *
     * @throws SupersededException if another node has taken the launch on
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

    /** From now on the jobs that this node runs are to end, and go on elsewhere. */
    void leave() {
        leaving = true;
    }

    /**
     * Whether this node leaves. Who runs a part of a job looks in each round, since an interrupt
     * would close the connection that a statement is on its way over.
     */
    public boolean leaving() {
        return leaving;
    }

    /** What a manager learns about the launch that it runs. */
    public enum Signal {
        GO_ON,
        /** Somebody wants it to stop: chunks in hand may finish. */
        STOP,
        /** Another node has taken it on, or it has ended: this manager is no longer its manager. */
        LEAVE
    }

    /**
     * @param epoch under which the asking manager runs it: a job that was stopped and restarted
     *     while its first manager stood still is none of that manager's business any more
     */
    public Signal signal(long launchId, int epoch) {
        return control.sql("SELECT state FROM launch WHERE id = :id AND epoch = :epoch")
                .param("id", launchId)
                .param("epoch", epoch)
                .query(String.class)
                .optional()
                .map(state -> signal(LaunchState.valueOf(state)))
                .orElse(Signal.LEAVE);
    }

    private static Signal signal(LaunchState state) {
        return switch (state) {
            case RUNNING -> Signal.GO_ON;
            case STOPPING -> Signal.STOP;
            case QUEUED, COMPLETED, FAILED, STOPPED, ABANDONED -> Signal.LEAVE;
        };
    }

    /**
     * Belongs into the transaction of everything that a manager writes: it locks the epoch until
     * the commit, so that no other node can take the execution on in between.
     *
     * @throws SupersededException if another node has
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
