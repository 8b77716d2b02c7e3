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
 * The life of a chunk: READY, CLAIMED by one node under an attempt, DONE; back to READY when its
 * worker fails, falls silent or leaves; FAILED when that happens too often; HELD while its job is
 * stopped.
 *
 * <p>Every method is one statement, so that a crash leaves either all of it or nothing.
 */
public final class Ledger {

    private static final int ERROR_LENGTH = 4_000;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    public Ledger(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * Writes chunks down in the caller's transaction, numbered from {@code first}. They count as
     * published, since the caller publishes them when it has committed; should it die before that,
     * the sweeper sees that nobody took them. Those that are to wait do not: it is the sweeper that
     * publishes them in their time.
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
     * Takes what is still READY of these chunks. The commit does not wait for the disk: should the
     * server lose it in a crash, the chunk is READY again, and the owner in the fence tells the two
     * claims apart.
     */
    public List<Claim> claim(Collection<Long> ids, String node, Instant now, Duration lease) {
        return jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = 'CLAIMED', attempt = attempt + 1, owner = :node, lease_until = :until,
                               started_at = coalesce(started_at, :now)
                          FROM (SELECT set_config('synchronous_commit', 'off', true)) AS of_this_statement
                         WHERE id = ANY (:ids) AND state = 'READY'
                        RETURNING chunk.*
                        """)
                .param("ids", ids.stream().mapToLong(Long::longValue).toArray())
                .param("node", node)
                .param("now", at(now))
                .param("until", at(now.plus(lease)))
                .query(Ledger::claim)
                .list();
    }

    /** Whether the claim still stands; keeps what was learned on the way for the next attempt. */
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

    /** Belongs into the transaction of the work's own effect; false means: roll it back. */
    public boolean done(Claim claim, ChunkCounts counts, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE chunk
                                   SET state = 'DONE', counts = :counts::jsonb, finished_at = :now,
                                       lease_until = NULL, error = NULL
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
     * As {@link #done}, for several chunks that have no effect to share a transaction with.
     *
     * @return the ids of those whose claim still stood; the others are not written down
     */
    public Set<Long> doneTogether(Collection<FinishedChunk> finished, Instant now) {
        // In the order of their ids, as renew locks them, so that the two do not wait for each
        // other.
        List<FinishedChunk> ordered =
                finished.stream().sorted(comparingLong(done -> done.claim().id())).toList();
        return jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = 'DONE', counts = d.counts::jsonb, finished_at = :now,
                               lease_until = NULL, error = NULL
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

    /**
     * The work failed: again after the pause, or set aside with its error after too many failures.
     */
    public void failed(Claim claim, String error, Instant again, int maxFailures, Instant now) {
        jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = CASE WHEN failures + 1 >= :max THEN 'FAILED'
                                            WHEN EXISTS (SELECT FROM launch l
                                                          WHERE l.job_instance_id = chunk.job_instance_id
                                                            AND l.state = 'STOPPING' FOR SHARE) THEN 'HELD'
                                            ELSE 'READY' END,
                               failures = failures + 1, error = :error, ready_at = :again, published_at = NULL,
                               lease_until = NULL, finished_at = CASE WHEN failures + 1 >= :max THEN :now END
                         WHERE id = :id AND attempt = :attempt AND owner = :owner AND state = 'CLAIMED'
                        """)
                .param("max", maxFailures)
                .param("error", cut(error))
                .param("again", at(again))
                .param("now", at(now))
                .param("id", claim.id())
                .param("attempt", claim.attempt())
                .param("owner", claim.owner())
                .update();
    }

    /**
     * The node leaves, or may not go on: not the chunk's fault, so it counts as no failure. Of a
     * job that is stopping it is held at once: its id may still lie in a queue, and whoever finds
     * it there would begin it again.
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
     * What the node works on stays its own for another lease; answers what still is. A claim that
     * never reached the node's hands, since its answer was lost, is not among them and runs out.
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
     * Takes chunks from workers that fell silent; a chunk that kills its workers fails in the end.
     */
    public int expire(Instant now, int maxFailures) {
        return jdbc.sql(
                        """
                        UPDATE chunk
                           SET state = CASE WHEN failures + 1 >= :max THEN 'FAILED' ELSE 'READY' END,
                               failures = failures + 1, ready_at = :now, published_at = NULL, lease_until = NULL,
                               finished_at = CASE WHEN failures + 1 >= :max THEN :now END,
                               error = format('Attempt %s: %s fell silent past its lease', attempt, owner)
                         WHERE id IN (SELECT id FROM chunk WHERE state = 'CLAIMED' AND lease_until < :now
                                         FOR UPDATE SKIP LOCKED)
                        """)
                .param("max", maxFailures)
                .param("now", at(now))
                .update();
    }

    /** What waits, waits for a restart; what is in hand goes on. */
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
     * As {@link #hold}, for a manager that may have been replaced: it changes nothing unless the
     * launch is stopping under this very epoch, so a late manager cannot hold chunks of a restart.
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
     * Before a restart: what was held or set aside is ready again, with a clean sheet, and not
     * before its time.
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

    /** What is known of one job's chunks. */
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
                row.getString("checkpoint"));
    }

    private static @Nullable String notBefore(NewChunk chunk) {
        return chunk.notBefore() == null ? null : chunk.notBefore().toString();
    }

    private static String cut(String error) {
        return error.length() <= ERROR_LENGTH ? error : error.substring(0, ERROR_LENGTH);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
