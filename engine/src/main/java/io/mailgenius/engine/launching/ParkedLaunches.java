package io.mailgenius.engine.launching;

import io.mailgenius.engine.database.ClockOffset;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Wakes parked jobs, which no node runs while their chunks are processed. A job is woken when it
 * has nothing left to wait for: by the manager that is notified of its last chunk, or by a sweeper
 * if the notification was lost.
 *
 * <p>A manager parks a job and then checks again whether it has to wait; a worker writes its chunk
 * and then notifies. So at least one of the two sees the write of the other.
 */
public final class ParkedLaunches {

    /**
     * A running job waits for its unfinished chunks, one with a decided end only for its claimed
     * chunks. The priority lets jobs that are about to end go before jobs that have not started.
     */
    private static final String WAKE =
            """
            UPDATE scheduled_tasks t
               SET execution_time = :now, priority = 10, version = t.version + 1
              FROM launch l
             WHERE t.task_name = 'launch' AND t.task_instance = l.id || ':' || l.run
               AND NOT t.picked AND t.execution_time > :now
               AND l.parked AND %s
               AND NOT EXISTS (SELECT FROM chunk c
                                WHERE c.job_instance_id = l.job_instance_id AND c.unfinished
                                  AND (c.state = 'CLAIMED' OR l.state = 'RUNNING' AND l.ending IS NULL))
            """;

    private final JdbcClient jdbc;
    private final ClockOffset offset;

    ParkedLaunches(JdbcClient jdbc, ClockOffset offset) {
        this.jdbc = jdbc;
        this.offset = offset;
    }

    /**
     * Wakes those of the given jobs that are parked and have nothing left to wait for.
     *
     * @return the number of jobs that were woken
     */
    int wake(Collection<Long> jobInstanceIds) {
        if (jobInstanceIds.isEmpty()) {
            return 0;
        }
        return jdbc.sql(WAKE.formatted("l.job_instance_id = ANY (:jobs)"))
                .param("jobs", jobInstanceIds.stream().mapToLong(Long::longValue).toArray())
                .param("now", now())
                .update();
    }

    /** As {@link #wake}, for all parked jobs. */
    public int wakeAll() {
        return jdbc.sql(WAKE.formatted("true")).param("now", now()).update();
    }

    /** The time by the same clock that the scheduler uses. */
    private OffsetDateTime now() {
        return offset.instant().atOffset(ZoneOffset.UTC);
    }
}
