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
 * Which chunks wait to be claimed, as Redis has it: a queue for each job, and two levels of
 * weighted round robin over them. Workspaces take turns, whatever number of jobs each of them has;
 * in its turn a workspace is served from one of its jobs, and of that job as many chunks as its
 * priority is worth.
 *
 * <p>All of it may be lost at any moment, since the ledger has it too. What a node has taken stays
 * written down under its name until it takes again, so that another node can hand it out anew if
 * that one dies before it has claimed it.
 */
public final class JobQueues implements AutoCloseable {

    /**
     * ARGV: prefix, job, workspace, chunk ids. Appends to the job's queue, lets the job and its
     * workspace take part in the round, and wakes as many idle nodes as there are chunks.
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
     * ARGV: prefix, node, how many, workspaces to pass over. Answers job, chunk, job, chunk … The
     * credit is what is left of the turn of the workspace at the head of the round. One that is
     * passed over goes to the end of the round; a node that passes any over is not idle.
     */
    private static final String TAKE =
            """
            local p, node, wanted = ARGV[1], ARGV[2], tonumber(ARGV[3])
            local taken, round, credit = {}, p .. 'round', p .. 'credit'
            redis.call('DEL', p .. 'taken:' .. node)
            redis.call('SREM', p .. 'idle', node)
            local over, passed = {}, 0
            for n = 4, #ARGV do over[ARGV[n]] = true end
            while #taken < 2 * wanted do
                local workspace = redis.call('LINDEX', round, 0)
                if not workspace or passed > 0 and passed >= redis.call('LLEN', round) then break end
                local jobs = p .. 'workspace:' .. workspace
                local job = redis.call('LINDEX', jobs, 0)
                if not job then
                    redis.call('LPOP', round)
                    redis.call('SREM', p .. 'waiting', 'w' .. workspace)
                    redis.call('DEL', credit)
                elseif over[workspace] then
                    redis.call('RPUSH', round, redis.call('LPOP', round))
                    redis.call('DEL', credit)
                    passed = passed + 1
                else
                    passed = 0
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

    /** How long an answer of Redis is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final RedisClient client;
    private final String prefix;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile @Nullable StatefulRedisConnection<String, String> blocking;

    public JobQueues(RedisClient client, String namespace) {
        this.client = client;
        this.prefix = namespace + ":";
    }

    /** A chunk that a node was told of, and the job that it belongs to. */
    public record Taken(long jobInstanceId, long chunkId) {}

    /** A job whose queue is known to Redis. */
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

    /** A command that blocks keeps its connection to itself. */
    private synchronized StatefulRedisConnection<String, String> waits() {
        StatefulRedisConnection<String, String> open = blocking;
        if (open == null) {
            open = connect();
            blocking = open;
        }
        return open;
    }

    /**
     * Asks Redis. An answer that does not come means that the connection may have died without a
     * word, which Lettuce would not find out for a quarter of an hour: the next question goes over
     * a new one.
     */
    private <T> T ask(Function<RedisCommands<String, String>, T> question) {
        try {
            return question.apply(commands().sync());
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
        fresh.setTimeout(PATIENCE);
        return fresh;
    }

    String namespace() {
        return prefix.substring(0, prefix.length() - 1);
    }

    /** Makes the job known, with the share that its priority is worth. */
    public void open(long jobInstanceId, long workspaceId, Priority priority) {
        ask(
                redis ->
                        redis.hset(
                                key("jobs"),
                                Long.toString(jobInstanceId),
                                workspaceId + ":" + weight(priority)));
    }

    /** Forgets the job; what is left of it in the round goes when its turn comes. */
    public void close(Collection<Long> jobInstanceIds) {
        if (!jobInstanceIds.isEmpty()) {
            String[] jobs = strings(jobInstanceIds);
            String[] queues = Arrays.stream(jobs).map(this::queue).toArray(String[]::new);
            ask(redis -> redis.hdel(key("jobs"), jobs));
            ask(redis -> redis.del(queues));
        }
    }

    /** The jobs that Redis knows, by their instance. */
    public Map<Long, Known> known() {
        Map<Long, Known> known = new HashMap<>();
        ask(redis -> redis.hgetall(key("jobs")))
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

    /** How many visits of a round a job of this priority gets. */
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
            ask(redis -> redis.eval(PUBLISH, ScriptOutputType.INTEGER, new String[0], arguments));
        }
    }

    /**
     * Takes up to so many chunks in turn over workspaces and their jobs, and returns at once. What
     * the node took before counts as claimed from now on.
     */
    public List<Taken> take(String node, int wanted) {
        return takeOthers(node, wanted, Set.of());
    }

    /** As {@link #take}, of other workspaces than these; they keep their order. */
    public List<Taken> takeOthers(String node, int wanted, Collection<Long> workspaceIds) {
        String[] arguments =
                Stream.concat(
                                Stream.of(prefix, node, Integer.toString(wanted)),
                                workspaceIds.stream().map(String::valueOf))
                        .toArray(String[]::new);
        List<String> answer =
                ask(redis -> redis.eval(TAKE, ScriptOutputType.MULTI, new String[0], arguments));
        List<Taken> taken = new ArrayList<>(answer.size() / 2);
        for (int n = 0; n < answer.size(); n += 2) {
            taken.add(new Taken(Long.parseLong(answer.get(n)), Long.parseLong(answer.get(n + 1))));
        }
        return taken;
    }

    /**
     * Waits until chunks are published or the time is up, for a node whose {@link #take} got none.
     */
    public void awaitWakeUp(String node, Duration atMost) {
        try {
            waits().sync().blpop(atMost.toMillis() / 1_000.0, key("wake:" + node));
        } catch (RedisCommandTimeoutException e) {
            reconnect();
            throw e;
        }
    }

    /** The chunks that a node has taken and, for all that Redis knows, not claimed. */
    public List<Long> takenBy(String node) {
        return ask(redis -> redis.lrange(key("taken:" + node), 0, -1)).stream()
                .map(Long::valueOf)
                .toList();
    }

    /** The nodes that have taken chunks since they were last forgotten. */
    public Set<String> takers() {
        return ask(redis -> redis.smembers(key("takers")));
    }

    /** The node is dead or gone, and what it had taken is called for anew. */
    public void forget(String node) {
        ask(redis -> redis.srem(key("takers"), node));
        ask(redis -> redis.srem(key("idle"), node));
        ask(redis -> redis.del(key("taken:" + node), key("wake:" + node)));
    }

    /** How many chunks wait in the queue of each of these jobs. */
    public Map<Long, Long> lengths(Collection<Long> jobInstanceIds) {
        var redis = commands().async();
        Map<Long, RedisFuture<Long>> asked = new HashMap<>();
        for (long job : jobInstanceIds) {
            asked.put(job, redis.llen(queue(Long.toString(job))));
        }
        if (!LettuceFutures.awaitAll(PATIENCE, asked.values().toArray(RedisFuture[]::new))) {
            reconnect();
            throw new RedisCommandTimeoutException("The lengths of queues were not answered");
        }
        Map<Long, Long> lengths = new HashMap<>();
        asked.forEach((job, answer) -> lengths.put(job, answer.toCompletableFuture().join()));
        return lengths;
    }

    /**
     * Whether Redis still has what was written to it: false once after it was emptied or came back
     * with an older state that lacks the mark.
     */
    public boolean marked() {
        return !ask(redis -> redis.setnx(key("mark"), "1"));
    }

    /** Tells managers what became of chunks. */
    void tell(String topic, String answers) {
        ask(redis -> redis.publish(topic, answers));
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
