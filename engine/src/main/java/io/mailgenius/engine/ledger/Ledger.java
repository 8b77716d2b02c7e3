package io.mailgenius.engine.ledger;

import static java.util.Comparator.comparingLong;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The state machine of chunks: READY; CLAIMED by one node under an attempt; DONE. A chunk returns
 * to READY when its worker fails, loses its lease or shuts down. It becomes FAILED after too many
 * failures, and HELD while its job is stopped.
 *
 * <p>Every method is one statement, so that a crash leaves either all of its changes or none.
 */
public final class Ledger {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final UnsuccessfulAttempts attempts;

    public Ledger(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
        this.attempts = new UnsuccessfulAttempts(jdbc);
    }

    /**
     * Inserts chunks in the caller's transaction, numbered from {@code first}. They are marked as
     * published because the caller publishes them after the commit; if it crashes before that, the
     * sweeper publishes them. Chunks with a later {@code notBefore} are not marked: the sweeper
     * publishes them when they are due.
     *
     * @return their ids, in the order of the payloads
     */
    public List<Long> write(long workspaceId, ChunkKey first, List<NewChunk> chunks, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO chunk (workspace_id, job_instance_id, step_name, partition, sequence,
                                           payload, items, not_before, ready_at, published_at)
                        SELECT :workspace, :instance, :step, :partition, :first + p.ordinality - 1,
                               p.payload, p.items, p.not_before, greatest(:now, p.not_before),
                               CASE WHEN p.not_before > :now THEN NULL ELSE :now END
                          FROM unnest(:payloads::text[], :items::bigint[], :befores::text[]::timestamptz[])
                               WITH ORDINALITY AS p (payload, items, not_before, ordinality)
                         ORDER BY p.ordinality
                        RETURNING id
                        """)
                .param("workspace", workspaceId)
                .param("instance", first.jobInstanceId())
                .param("step", first.step())
                .param("partition", first.partition())
                .param("first", first.sequence())
                .param("payloads", chunks.stream().map(NewChunk::payload).toArray(String[]::new))
                .param("items", chunks.stream().mapToLong(NewChunk::items).toArray())
                .param("befores", chunks.stream().map(Ledger::notBefore).toArray(String[]::new))
                .param("now", at(now))
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /**
     * Claims those of the chunks that are still READY and not of a suspended workspace; the sweeper
     * publishes these again until it is resumed. Steps of the workspace itself, whose names begin
     * with {@code workspace.}, go on. The commit does not wait for the WAL flush: if PostgreSQL
     * loses it in a crash, the chunk is READY again, and the owner in the fence distinguishes the
     * two claims.
     */
    public List<Claim> claim(Collection<Long> ids, String node, Instant now, Duration lease) {
        return jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = 'CLAIMED', attempt = attempt + 1, owner = :node, lease_until = :until,
                               started_at = coalesce(started_at, :now), claimed_at = :now
                          FROM (SELECT set_config('synchronous_commit', 'off', true)) AS local_setting
                         WHERE id = ANY (:ids) AND state = 'READY'
                           AND (step_name LIKE 'workspace.%'
                                OR workspace_id <> ALL (ARRAY(SELECT suspended_workspaces())))
                        RETURNING chunk.*,
                                  (SELECT concat_ws(' ', l.id, coalesce(l.job_execution_id, 0),
                                                    coalesce(l.trace_parent, '-'), l.job_name)
                                     FROM launch l
                                    WHERE l.job_instance_id = chunk.job_instance_id) AS job_of_chunk
                        """)
                .param("ids", ids.stream().mapToLong(Long::longValue).toArray())
                .param("node", node)
                .param("now", at(now))
                .param("until", at(now.plus(lease)))
                .query(Ledger::claim)
                .list();
    }

    /**
     * Stores a checkpoint for the next attempt.
     *
     * @return false if the claim is no longer valid
     */
    public boolean checkpoint(Claim claim, String checkpoint) {
        return jdbc.sql(
                                """
                                UPDATE chunk SET checkpoint = :checkpoint
                                 WHERE id = :id AND attempt = :attempt AND owner = :owner AND state = 'CLAIMED'
                                """)
                        .param("checkpoint", checkpoint)
                        .param("id", claim.id())
                        .param("attempt", claim.attempt())
                        .param("owner", claim.owner())
                        .update()
                == 1;
    }

    /**
     * Marks the chunk as DONE. Call it in the transaction that writes the effect of the chunk.
     *
     * @return false if the claim is no longer valid and the transaction must be rolled back
     */
    public boolean done(Claim claim, ChunkCounts counts, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE chunk
                                   SET state = 'DONE', counts = :counts::jsonb, finished_at = :now,
                                       lease_until = NULL, error = NULL, cause = NULL
                                 WHERE id = :id AND attempt = :attempt AND owner = :owner AND state = 'CLAIMED'
                                """)
                        .param("counts", json.writeValueAsString(counts.values()))
                        .param("now", at(now))
                        .param("id", claim.id())
                        .param("attempt", claim.attempt())
                        .param("owner", claim.owner())
                        .update()
                == 1;
    }

    /**
     * As {@link #done}, for several chunks that have no effect in the database.
     *
     * @return the ids of the chunks whose claim was valid; the others are unchanged
     */
    public Set<Long> doneTogether(Collection<FinishedChunk> finished, Instant now) {
        // Rows are locked in the order of their ids, as in renew, so that the two statements cannot
        // deadlock.
        List<FinishedChunk> ordered =
                finished.stream().sorted(comparingLong(done -> done.claim().id())).toList();
        return jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = 'DONE', counts = d.counts::jsonb, finished_at = :now,
                               lease_until = NULL, error = NULL, cause = NULL
                          FROM unnest(:ids::bigint[], :attempts::int[], :owners::text[], :counts::text[])
                               AS d (id, attempt, owner, counts)
                         WHERE chunk.id = d.id AND chunk.attempt = d.attempt AND chunk.owner = d.owner
                           AND chunk.state = 'CLAIMED'
                        RETURNING chunk.id
                        """)
                .param("ids", ordered.stream().mapToLong(done -> done.claim().id()).toArray())
                .param(
                        "attempts",
                        ordered.stream().mapToInt(done -> done.claim().attempt()).toArray())
                .param(
                        "owners",
                        ordered.stream().map(done -> done.claim().owner()).toArray(String[]::new))
                .param(
                        "counts",
                        ordered.stream()
                                .map(done -> json.writeValueAsString(done.counts().values()))
                                .toArray(String[]::new))
                .param("now", at(now))
                .query((row, n) -> row.getLong(1))
                .set();
    }

    /** As {@link #failed(Claim, Failure, Instant, int, Instant)}, without a stack trace. */
    public void failed(Claim claim, String error, Instant again, int maxFailures, Instant now) {
        failed(claim, new Failure(error, null), again, maxFailures, now);
    }

    /**
     * Records a failure. The chunk is retried at {@code again}, or becomes FAILED with its error
     * after {@code maxFailures} failures. The attempt is kept whatever becomes of the next one.
     */
    public void failed(Claim claim, Failure failure, Instant again, int maxFailures, Instant now) {
        attempts.failed(claim, failure, again, maxFailures, now);
    }

    /**
     * As {@link #handBack}, because of a transient failure or the shutdown of the node, which is
     * recorded.
     */
    public void returned(Claim claim, Failure failure, Instant again, Instant now) {
        attempts.returned(claim, failure, again, now);
    }

    /**
     * Returns a claimed chunk without counting a failure, because it is deferred. The chunk of a
     * stopping job becomes HELD at once: its id may still be in a queue, and a worker that takes it
     * from there would claim it again.
     */
    public void handBack(Claim claim, Instant again) {
        jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = CASE WHEN EXISTS (SELECT FROM launch l
                                                          WHERE l.job_instance_id = chunk.job_instance_id
                                                            AND l.state = 'STOPPING' FOR SHARE) THEN 'HELD'
                                            ELSE 'READY' END,
                               ready_at = :again, published_at = NULL, lease_until = NULL
                         WHERE id = :id AND attempt = :attempt AND owner = :owner AND state = 'CLAIMED'
                        """)
                .param("again", at(again))
                .param("id", claim.id())
                .param("attempt", claim.attempt())
                .param("owner", claim.owner())
                .update();
    }

    /**
     * Extends the leases of the node's chunks. A claim whose response was lost is not in {@code
     * ids}, so its lease expires.
     *
     * @return the ids of the chunks that this node still owns
     */
    public List<Long> renew(Collection<Long> ids, String node, Instant now, Duration lease) {
        return jdbc.sql(
                        """
                        UPDATE chunk SET lease_until = :until
                         WHERE id = ANY (:ids) AND state = 'CLAIMED' AND owner = :node
                        RETURNING id
                        """)
                .param("ids", ids.stream().mapToLong(Long::longValue).toArray())
                .param("until", at(now.plus(lease)))
                .param("node", node)
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /**
     * Revokes claims whose lease has expired. This counts as a failure, so that a chunk that
     * crashes its workers becomes FAILED in the end.
     */
    public int expire(Instant now, int maxFailures) {
        return attempts.expire(now, maxFailures);
    }

    /** Holds the READY chunks of a job until a restart; claimed chunks continue. */
    public int hold(long jobInstanceId) {
        return jdbc.sql(
                        """
                        UPDATE chunk SET state = 'HELD'
                         WHERE job_instance_id = :instance AND unfinished AND state = 'READY'
                        """)
                .param("instance", jobInstanceId)
                .update();
    }

    /**
     * As {@link #hold}, for a manager that may have been superseded: it changes nothing unless the
     * launch is STOPPING under this epoch, so that a superseded manager cannot hold the chunks of a
     * restart.
     */
    public int holdWhileStopping(long jobInstanceId, long launchId, int epoch) {
        return jdbc.sql(
                        """
                        UPDATE chunk SET state = 'HELD'
                         WHERE job_instance_id = :instance AND unfinished AND state = 'READY'
                           AND EXISTS (SELECT FROM launch
                                        WHERE id = :launch AND epoch = :epoch AND state = 'STOPPING' FOR SHARE)
                        """)
                .param("instance", jobInstanceId)
                .param("launch", launchId)
                .param("epoch", epoch)
                .update();
    }

    /**
     * Makes HELD and FAILED chunks READY for a restart, with their failures reset to zero. A chunk
     * is not published before its {@code notBefore}.
     */
    public int release(long jobInstanceId, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = 'READY', failures = 0, published_at = NULL, finished_at = NULL,
                               ready_at = greatest(:now, not_before)
                         WHERE job_instance_id = :instance AND state IN ('HELD', 'FAILED')
                        """)
                .param("now", at(now))
                .param("instance", jobInstanceId)
                .update();
    }

    /**
     * Makes FAILED chunks READY, with their failures reset to zero. A chunk in any other state is
     * not changed, so no claim is affected.
     *
     * @param cause only those with this one; null for all
     * @param chunkId only this one; null for all
     */
    public int retry(
            long jobInstanceId, @Nullable String cause, @Nullable Long chunkId, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = 'READY', failures = 0, published_at = NULL, finished_at = NULL,
                               ready_at = greatest(:now, not_before)
                         WHERE job_instance_id = :instance AND state = 'FAILED'
                           AND (:cause::text IS NULL OR cause = :cause)
                           AND (:chunk::bigint IS NULL OR id = :chunk)
                        """)
                .param("now", at(now))
                .param("instance", jobInstanceId)
                .param("cause", cause)
                .param("chunk", chunkId)
                .update();
    }

    /** As {@link #release}, without the FAILED chunks. */
    public int releaseHeld(long jobInstanceId, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE chunk SET state = 'READY', published_at = NULL, ready_at = greatest(:now, not_before)
                         WHERE job_instance_id = :instance AND state = 'HELD'
                        """)
                .param("now", at(now))
                .param("instance", jobInstanceId)
                .update();
    }

    /** Adds what a worker did to the figures of its steps. */
    public void add(Collection<StepMinute> minutes) {
        new StepMinutes(jdbc).add(minutes);
    }

    /** Queries about the chunks of one job. */
    public JobChunks of(long jobInstanceId) {
        return new JobChunks(jdbc, jobInstanceId);
    }

    private static Claim claim(ResultSet row, int number) throws SQLException {
        return new Claim(
                row.getLong("id"),
                new ChunkKey(
                        row.getLong("job_instance_id"),
                        row.getString("step_name"),
                        row.getInt("partition"),
                        row.getInt("sequence")),
                row.getLong("workspace_id"),
                row.getInt("attempt"),
                row.getInt("failures"),
                row.getString("owner"),
                row.getString("payload"),
                row.getLong("items"),
                row.getString("checkpoint"),
                JobOfChunk.of(row.getString("job_of_chunk")));
    }

    private static @Nullable String notBefore(NewChunk chunk) {
        return chunk.notBefore() == null ? null : chunk.notBefore().toString();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
