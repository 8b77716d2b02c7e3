package io.mailgenius.engine.launching;

import io.mailgenius.engine.database.ClockOffset;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Jobs that no node runs while their chunks are worked off. Such a job is woken when it has nothing
 * left to wait for: by the manager that hears of its last chunk, or by a sweeper, if nobody heard
 * of it.
 *
 * <p>A manager parks a job and then looks once more whether it has to wait; a worker writes its
 * chunk down and then notifies. So at least one of them sees what the other did.
 */
public final class ParkedLaunches {

    /**
     * A job that runs waits for its unfinished chunks, one that is to end only for those in
     * somebody's hand. Jobs that come to their end go before those that have not begun.
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
     * Wakes those of these jobs that are parked and have nothing left to wait for.
     *
     * @return how many
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

    /** As {@link #wake}, of all that are parked. */
    public int wakeAll() {
        return jdbc.sql(WAKE.formatted("true")).param("now", now()).update();
    }

    /** By the same clock as the scheduler. */
    private OffsetDateTime now() {
        return offset.instant().atOffset(ZoneOffset.UTC);
    }
}
