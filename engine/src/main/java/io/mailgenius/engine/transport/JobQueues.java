package io.mailgenius.engine.transport;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.mailgenius.schema.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The READY chunks in Redis: a queue per job, served by two levels of weighted round robin.
 * Workspaces are served in turn, independent of how many jobs each has. In its turn a workspace is
 * served from one of its jobs, which yields as many chunks as its priority is worth.
 *
 * <p>All of this data may be lost, because the ledger has it too. The chunks that a node has taken
 * are recorded under its id until it takes again, so that another node can publish them again if
 * the node crashes before it has claimed them.
 */
public final class JobQueues implements AutoCloseable {

    /**
     * ARGV: prefix, job, workspace, chunk ids. Appends the chunks to the queue of the job, adds the
     * job and its workspace to the round if they are not in it, and wakes as many idle nodes as
     * there are chunks.
     */
    private static final String PUBLISH =
            """
            local p, job, workspace = ARGV[1], ARGV[2], ARGV[3]
            for n = 4, #ARGV do redis.call('RPUSH', p .. 'queue:' .. job, ARGV[n]) end
            redis.call('HSETNX', p .. 'jobs', job, workspace .. ':2')
            if redis.call('SADD', p .. 'waiting', 'j' .. job) == 1 then
                redis.call('RPUSH', p .. 'workspace:' .. workspace, job)
            end
            if redis.call('SADD', p .. 'waiting', 'w' .. workspace) == 1 then
                redis.call('RPUSH', p .. 'round', workspace)
            end
            for n = 4, #ARGV do
                local node = redis.call('SPOP', p .. 'idle')
                if not node then break end
                redis.call('RPUSH', p .. 'wake:' .. node, '1')
                redis.call('PEXPIRE', p .. 'wake:' .. node, 10000)
            end
            return #ARGV - 3
            """;

    /**
     * ARGV: prefix, node, limit, excluded workspaces. Returns job, chunk, job, chunk … The credit
     * is the remaining turn of the workspace at the head of the round. An excluded workspace moves
     * to the end of the round. A node that excludes workspaces is not registered as idle.
     */
    private static final String TAKE =
            """
            local p, node, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
            local taken, round, credit = {}, p .. 'round', p .. 'credit'
            redis.call('DEL', p .. 'taken:' .. node)
            redis.call('SREM', p .. 'idle', node)
            local excluded, skipped = {}, 0
            for n = 4, #ARGV do excluded[ARGV[n]] = true end
            while #taken < 2 * limit do
                local workspace = redis.call('LINDEX', round, 0)
                if not workspace or skipped > 0 and skipped >= redis.call('LLEN', round) then break end
                local jobs = p .. 'workspace:' .. workspace
                local job = redis.call('LINDEX', jobs, 0)
                if not job then
                    redis.call('LPOP', round)
                    redis.call('SREM', p .. 'waiting', 'w' .. workspace)
                    redis.call('DEL', credit)
                elseif excluded[workspace] then
                    redis.call('RPUSH', round, redis.call('LPOP', round))
                    redis.call('DEL', credit)
                    skipped = skipped + 1
                else
                    skipped = 0
                    local left = tonumber(redis.call('GET', credit) or false)
                    if not left then
                        local known = redis.call('HGET', p .. 'jobs', job)
                        left = known and tonumber(string.match(known, ':(%d+)$')) or 2
                    end
                    local chunk = redis.call('LPOP', p .. 'queue:' .. job)
                    local more = redis.call('EXISTS', p .. 'queue:' .. job) == 1
                    if chunk then
                        taken[#taken + 1] = job
                        taken[#taken + 1] = chunk
                        redis.call('RPUSH', p .. 'taken:' .. node, chunk)
                        left = left - 1
                    end
                    if more and left > 0 then
                        redis.call('SET', credit, left)
                    else
                        redis.call('DEL', credit)
                        redis.call('LPOP', jobs)
                        if more then
                            redis.call('RPUSH', jobs, job)
                        else
                            redis.call('SREM', p .. 'waiting', 'j' .. job)
                        end
                        redis.call('LPOP', round)
                        if redis.call('EXISTS', jobs) == 1 then
                            redis.call('RPUSH', round, workspace)
                        else
                            redis.call('SREM', p .. 'waiting', 'w' .. workspace)
                        end
                    end
                end
            end
            if #taken == 0 then
                if #ARGV == 3 then redis.call('SADD', p .. 'idle', node) end
            else
                redis.call('SADD', p .. 'takers', node)
            end
            return taken
            """;

    /** The timeout of a Redis command. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final RedisClient client;
    private final String prefix;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile @Nullable StatefulRedisConnection<String, String> blocking;

    public JobQueues(RedisClient client, String namespace) {
        this.client = client;
        this.prefix = namespace + ":";
    }

    /** A chunk that was taken from the queue of a job. */
    public record Taken(long jobInstanceId, long chunkId) {}

    /** A job that is registered in Redis. */
    public record Known(long workspaceId, int weight) {}

    /** Connects on first use, so that a node starts while Redis is away. */
    private synchronized StatefulRedisConnection<String, String> commands() {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            open = connect();
            connection = open;
        }
        return open;
    }

    /** Blocking commands have a connection of their own. */
    private synchronized StatefulRedisConnection<String, String> blockingCommands() {
        StatefulRedisConnection<String, String> open = blocking;
        if (open == null) {
            open = connect();
            blocking = open;
        }
        return open;
    }

    /**
     * Executes a command. After a timeout the connections are replaced, because a connection that
     * has failed without an error would otherwise be detected by TCP after about 15 minutes.
     */
    private <T> T execute(Function<RedisCommands<String, String>, T> command) {
        try {
            return command.apply(commands().sync());
        } catch (RedisCommandTimeoutException e) {
            reconnect();
            throw e;
        }
    }

    private synchronized void reconnect() {
        for (var dead : Arrays.asList(connection, blocking)) {
            if (dead != null) {
                dead.closeAsync();
            }
        }
        connection = null;
        blocking = null;
    }

    private StatefulRedisConnection<String, String> connect() {
        StatefulRedisConnection<String, String> fresh = client.connect();
        fresh.setTimeout(TIMEOUT);
        return fresh;
    }

    String namespace() {
        return prefix.substring(0, prefix.length() - 1);
    }

    /** Registers the job with the weight of its priority. */
    public void open(long jobInstanceId, long workspaceId, Priority priority) {
        execute(
                redis ->
                        redis.hset(
                                key("jobs"),
                                Long.toString(jobInstanceId),
                                workspaceId + ":" + weight(priority)));
    }

    /**
     * Removes the jobs and their queues. The round drops a job without a queue at its next turn.
     */
    public void close(Collection<Long> jobInstanceIds) {
        if (!jobInstanceIds.isEmpty()) {
            String[] jobs = strings(jobInstanceIds);
            String[] queues = Arrays.stream(jobs).map(this::queue).toArray(String[]::new);
            execute(redis -> redis.hdel(key("jobs"), jobs));
            execute(redis -> redis.del(queues));
        }
    }

    /** The jobs that are registered in Redis, by job instance. */
    public Map<Long, Known> known() {
        Map<Long, Known> known = new HashMap<>();
        execute(redis -> redis.hgetall(key("jobs")))
                .forEach(
                        (job, value) -> {
                            String[] parts = value.split(":");
                            known.put(
                                    Long.parseLong(job),
                                    new Known(
                                            Long.parseLong(parts[0]), Integer.parseInt(parts[1])));
                        });
        return known;
    }

    /** The number of chunks that a job of this priority yields per turn. */
    public static int weight(Priority priority) {
        return switch (priority) {
            case HIGH -> 4;
            case NORMAL -> 2;
            case LOW -> 1;
        };
    }

    /** Appends chunks to their job's queue and wakes idle workers. */
    public void publish(long jobInstanceId, long workspaceId, Collection<Long> chunkIds) {
        if (!chunkIds.isEmpty()) {
            String[] arguments =
                    Stream.concat(
                                    Stream.of(
                                            prefix,
                                            Long.toString(jobInstanceId),
                                            Long.toString(workspaceId)),
                                    chunkIds.stream().map(String::valueOf))
                            .toArray(String[]::new);
            execute(
                    redis ->
                            redis.eval(
                                    PUBLISH, ScriptOutputType.INTEGER, new String[0], arguments));
        }
    }

    /**
     * Takes up to {@code limit} chunks in round-robin order and returns immediately. The chunks
     * that the node took before count as claimed from then on.
     */
    public List<Taken> take(String node, int limit) {
        return takeOthers(node, limit, Set.of());
    }

    /**
     * As {@link #take}, without chunks of the given workspaces, which keep their order in the
     * round.
     */
    public List<Taken> takeOthers(String node, int limit, Collection<Long> workspaceIds) {
        String[] arguments =
                Stream.concat(
                                Stream.of(prefix, node, Integer.toString(limit)),
                                workspaceIds.stream().map(String::valueOf))
                        .toArray(String[]::new);
        List<String> response =
                execute(
                        redis ->
                                redis.eval(TAKE, ScriptOutputType.MULTI, new String[0], arguments));
        List<Taken> taken = new ArrayList<>(response.size() / 2);
        for (int n = 0; n < response.size(); n += 2) {
            taken.add(
                    new Taken(
                            Long.parseLong(response.get(n)), Long.parseLong(response.get(n + 1))));
        }
        return taken;
    }

    /**
     * Blocks until a chunk is published or the timeout ends. For a node that got no chunks from
     * {@link #take}.
     */
    public void awaitWakeUp(String node, Duration atMost) {
        try {
            blockingCommands().sync().blpop(atMost.toMillis() / 1_000.0, key("wake:" + node));
        } catch (RedisCommandTimeoutException e) {
            reconnect();
            throw e;
        }
    }

    /** The node is not woken any more when chunks are published, until it takes again. */
    public void dismiss(String node) {
        execute(redis -> redis.srem(key("idle"), node));
    }

    /** The chunks that a node has taken and may not have claimed. */
    public List<Long> takenBy(String node) {
        return execute(redis -> redis.lrange(key("taken:" + node), 0, -1)).stream()
                .map(Long::valueOf)
                .toList();
    }

    /** The nodes that have taken chunks and have not been removed by {@link #removeNode}. */
    public Set<String> takers() {
        return execute(redis -> redis.smembers(key("takers")));
    }

    /** Removes the data of a node that is dead or gone, after its chunks were published again. */
    public void removeNode(String node) {
        execute(redis -> redis.srem(key("takers"), node));
        execute(redis -> redis.srem(key("idle"), node));
        execute(redis -> redis.del(key("taken:" + node), key("wake:" + node)));
    }

    /** The lengths of the queues of these jobs. */
    public Map<Long, Long> lengths(Collection<Long> jobInstanceIds) {
        var redis = commands().async();
        Map<Long, RedisFuture<Long>> futures = new HashMap<>();
        for (long job : jobInstanceIds) {
            futures.put(job, redis.llen(queue(Long.toString(job))));
        }
        if (!LettuceFutures.awaitAll(TIMEOUT, futures.values().toArray(RedisFuture[]::new))) {
            reconnect();
            throw new RedisCommandTimeoutException(
                    "Redis did not return the lengths of queues in time");
        }
        Map<Long, Long> lengths = new HashMap<>();
        futures.forEach((job, length) -> lengths.put(job, length.toCompletableFuture().join()));
        return lengths;
    }

    /**
     * Whether Redis still has its data. Returns false once after Redis lost its data or was
     * restored to a state from before the mark was set.
     */
    public boolean marked() {
        return !execute(redis -> redis.setnx(key("mark"), "1"));
    }

    /** Publishes encoded chunk responses to the managers. */
    void sendResponses(String topic, String responses) {
        execute(redis -> redis.publish(topic, responses));
    }

    private static String[] strings(Collection<Long> ids) {
        return ids.stream().map(String::valueOf).toArray(String[]::new);
    }

    private String key(String name) {
        return prefix + name;
    }

    private String queue(String jobInstanceId) {
        return key("queue:" + jobInstanceId);
    }

    @Override
    public void close() {
        for (var open : new StatefulRedisConnection<?, ?>[] {connection, blocking}) {
            if (open != null) {
                open.close();
            }
        }
    }
}
