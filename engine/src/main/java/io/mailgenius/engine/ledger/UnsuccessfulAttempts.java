package io.mailgenius.engine.ledger;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Ends attempts that did not succeed: one statement each changes the chunk and keeps the attempt,
 * which nothing overwrites. Table {@code chunk_attempt} is written here only.
 */
final class UnsuccessfulAttempts {

    private static final int ERROR_LENGTH = 4_000;

    /**
     * Of a chunk at most so many attempts are kept if it is returned, because the database may be
     * unavailable for long. Failures are limited by the number of retries.
     */
    private static final int MAX_KEPT = 100;

    private final JdbcClient jdbc;

    UnsuccessfulAttempts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void failed(Claim claim, Failure failure, Instant again, int maxFailures, Instant now) {
        jdbc.sql(
                        """
                        WITH failed AS (
                            UPDATE chunk
                               SET state = CASE WHEN failures + 1 >= :max THEN 'FAILED'
                                                WHEN EXISTS (SELECT FROM launch l
                                                              WHERE l.job_instance_id = chunk.job_instance_id
                                                                AND l.state = 'STOPPING' FOR SHARE) THEN 'HELD'
                                                ELSE 'READY' END,
                                   failures = failures + 1, error = :error, cause = chunk_cause(:error),
                                   ready_at = :again, published_at = NULL, lease_until = NULL,
                                   finished_at = CASE WHEN failures + 1 >= :max THEN :now END
                             WHERE id = :id AND attempt = :attempt AND owner = :owner AND state = 'CLAIMED'
                            RETURNING *)
                        INSERT INTO chunk_attempt (workspace_id, job_instance_id, chunk_id, attempt, node,
                                                   started_at, ended_at, outcome, cause, error, stack)
                        SELECT workspace_id, job_instance_id, id, attempt, owner,
                               claimed_at, :now, 'FAILED', cause, error, :stack::text
                          FROM failed
                        """)
                .param("max", maxFailures)
                .param("error", cut(failure.error()))
                .param("stack", failure.stack())
                .param("again", at(again))
                .param("now", at(now))
                .param("id", claim.id())
                .param("attempt", claim.attempt())
                .param("owner", claim.owner())
                .update();
    }

    void returned(Claim claim, Failure failure, Instant again, Instant now) {
        jdbc.sql(
                        """
                        WITH returned AS (
                            UPDATE chunk
                               SET state = CASE WHEN EXISTS (SELECT FROM launch l
                                                              WHERE l.job_instance_id = chunk.job_instance_id
                                                                AND l.state = 'STOPPING' FOR SHARE) THEN 'HELD'
                                                ELSE 'READY' END,
                                   ready_at = :again, published_at = NULL, lease_until = NULL
                             WHERE id = :id AND attempt = :attempt AND owner = :owner AND state = 'CLAIMED'
                            RETURNING *)
                        INSERT INTO chunk_attempt (workspace_id, job_instance_id, chunk_id, attempt, node,
                                                   started_at, ended_at, outcome, cause, error)
                        SELECT workspace_id, job_instance_id, id, attempt, owner,
                               claimed_at, :now, 'RETURNED', chunk_cause(:error), :error
                          FROM returned r
                         WHERE (SELECT count(*) FROM chunk_attempt a
                                 WHERE a.workspace_id = r.workspace_id AND a.job_instance_id = r.job_instance_id
                                   AND a.chunk_id = r.id) < :most
                        """)
                .param("error", cut(failure.error()))
                .param("again", at(again))
                .param("now", at(now))
                .param("most", MAX_KEPT)
                .param("id", claim.id())
                .param("attempt", claim.attempt())
                .param("owner", claim.owner())
                .update();
    }

    int expire(Instant now, int maxFailures) {
        return jdbc.sql(
                        """
                        WITH lost AS (
                            UPDATE chunk
                               SET state = CASE WHEN failures + 1 >= :max THEN 'FAILED' ELSE 'READY' END,
                                   failures = failures + 1, ready_at = :now, published_at = NULL, lease_until = NULL,
                                   finished_at = CASE WHEN failures + 1 >= :max THEN :now END,
                                   error = format('Attempt %s: the lease of %s expired', attempt, owner),
                                   cause = 'The lease expired'
                             WHERE id IN (SELECT id FROM chunk WHERE state = 'CLAIMED' AND lease_until < :now
                                             FOR UPDATE SKIP LOCKED)
                            RETURNING *)
                        INSERT INTO chunk_attempt (workspace_id, job_instance_id, chunk_id, attempt, node,
                                                   started_at, ended_at, outcome, cause, error)
                        SELECT workspace_id, job_instance_id, id, attempt, owner,
                               claimed_at, :now, 'LOST', cause, error
                          FROM lost
                        """)
                .param("max", maxFailures)
                .param("now", at(now))
                .update();
    }

    private static String cut(String error) {
        // PostgreSQL stores no such characters in texts.
        String text = error.replace("\0", "");
        return text.length() <= ERROR_LENGTH ? text : text.substring(0, ERROR_LENGTH);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
