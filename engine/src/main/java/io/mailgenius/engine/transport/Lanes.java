package io.mailgenius.engine.transport;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.mailgenius.schema.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream per living job, all read by one consumer group. That each job has a lane of its own is
 * what lets workers take from jobs in turn, however long one job's queue is.
 *
 * <p>An acknowledged entry is deleted as well, so that the length of a stream is what nobody has
 * answered yet.
 */
public final class Lanes implements AutoCloseable {

    private static final String GROUP = "workers";
    private static final String CHUNK = "c";

    /** One command for all of a batch instead of one for each entry. */
    private static final String PUBLISH =
            """
            for n = 1, #ARGV do redis.call('XADD', KEYS[1], '*', 'c', ARGV[n]) end
            return #ARGV
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RedisClient client;
    private final String prefix;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile @Nullable StatefulRedisConnection<String, String> blocking;

    public Lanes(RedisClient client, String namespace) {
        this.client = client;
        this.prefix = namespace + ":";
    }

    /** Connects on first use, so that a node starts while Redis is away. */
    private synchronized StatefulRedisConnection<String, String> commands() {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            open = client.connect();
            open.setTimeout(PATIENCE);
            connection = open;
        }
        return open;
    }

    /** A blocking read keeps its connection to itself. */
    private synchronized StatefulRedisConnection<String, String> reads() {
        StatefulRedisConnection<String, String> open = blocking;
        if (open == null) {
            open = client.connect();
            open.setTimeout(PATIENCE);
            blocking = open;
        }
        return open;
    }

    /**
     * Makes the lane known to every worker; harmless if it is there.
     *
     * @return whether it was not there
     */
    public boolean open(long jobInstanceId, Priority priority) {
        boolean created = createGroup(jobInstanceId);
        commands().sync().zadd(lanesKey(), weight(priority), Long.toString(jobInstanceId));
        return created;
    }

    private boolean createGroup(long jobInstanceId) {
        try {
            commands()
                    .sync()
                    .xgroupCreate(
                            StreamOffset.from(lane(jobInstanceId), "0"),
                            GROUP,
                            XGroupCreateArgs.Builder.mkstream());
            return true;
        } catch (RedisBusyException groupIsThere) {
            // Another node was quicker.
            return false;
        }
    }

    public void close(long jobInstanceId) {
        commands().sync().zrem(lanesKey(), Long.toString(jobInstanceId));
        commands().sync().del(lane(jobInstanceId));
    }

    /** The job instances whose lanes are open. */
    public Set<Long> open() {
        return new HashSet<>(weights().keySet());
    }

    /** The lanes that are open, each with its share. */
    Map<Long, Integer> weights() {
        Map<Long, Integer> weights = new LinkedHashMap<>();
        commands()
                .sync()
                .zrangeWithScores(lanesKey(), 0, -1)
                .forEach(
                        lane ->
                                weights.put(
                                        Long.parseLong(lane.getValue()), (int) lane.getScore()));
        return weights;
    }

    public void publish(long jobInstanceId, Collection<Long> chunkIds) {
        if (!chunkIds.isEmpty()) {
            commands()
                    .sync()
                    .eval(
                            PUBLISH,
                            ScriptOutputType.INTEGER,
                            new String[] {lane(jobInstanceId)},
                            chunkIds.stream().map(String::valueOf).toArray(String[]::new));
        }
    }

    /**
     * Up to {@code count} entries of each of these lanes.
     *
     * @param wait how long to wait for the first one; zero does not wait
     */
    List<Entry> read(String node, Collection<Long> lanes, int count, Duration wait) {
        StreamOffset<String>[] offsets = offsets(lanes);
        XReadArgs args = XReadArgs.Builder.count(count);
        if (wait.isPositive()) {
            args.block(wait);
        }
        var source = wait.isPositive() ? reads() : commands();
        List<Entry> entries = new ArrayList<>();
        try {
            for (var message :
                    source.sync().xreadgroup(Consumer.from(GROUP, node), args, offsets)) {
                entries.add(entry(message));
            }
        } catch (RedisCommandExecutionException e) {
            if (e.getMessage() == null || !e.getMessage().startsWith("NOGROUP")) {
                throw e;
            }
            // A lane was closed, or Redis emptied: the sweeper opens again what lives.
            idle(wait);
        }
        return entries;
    }

    /** Waits on a key that nobody writes to: an interrupt or a lost connection ends it early. */
    void idle(Duration wait) {
        if (wait.isPositive()) {
            reads().sync().blpop(wait.toMillis() / 1_000.0, prefix + "idle");
        }
    }

    @SuppressWarnings("unchecked")
    private StreamOffset<String>[] offsets(Collection<Long> lanes) {
        return lanes.stream()
                .map(id -> StreamOffset.lastConsumed(lane(id)))
                .toArray(StreamOffset[]::new);
    }

    private Entry entry(StreamMessage<String, String> message) {
        return entry(Long.parseLong(message.getStream().substring(lane("").length())), message);
    }

    /** The chunks are answered, or were not to be had: nobody need look at them again. */
    public void acknowledge(Collection<Entry> entries) {
        Map<Long, List<String>> byLane = new HashMap<>();
        for (Entry entry : entries) {
            byLane.computeIfAbsent(entry.jobInstanceId(), _ -> new ArrayList<>())
                    .add(entry.entryId());
        }
        var async = commands().async();
        byLane.forEach(
                (lane, all) -> {
                    String[] ids = all.toArray(String[]::new);
                    async.xack(lane(lane), GROUP, ids);
                    async.xdel(lane(lane), ids);
                });
    }

    /** Nobody waits for it to be heard. */
    void tell(String topic, String message) {
        commands().async().publish(topic, message);
    }

    /** How many entries nobody has answered: they wait, or a worker has them in hand. */
    public long outstanding(long jobInstanceId) {
        return commands().sync().xlen(lane(jobInstanceId));
    }

    /**
     * Drops entries that a worker read long ago and did not answer. It has their chunks in hand, or
     * it died before it claimed them.
     *
     * @return the chunks that they called for: which of them still wait is the ledger's business
     */
    public List<Long> abandoned(long jobInstanceId, String node, Duration idle) {
        try {
            List<Entry> dropped = new ArrayList<>();
            commands()
                    .sync()
                    .xautoclaim(
                            lane(jobInstanceId),
                            XAutoClaimArgs.Builder.xautoclaim(
                                            Consumer.from(GROUP, node), idle, "0-0")
                                    .count(1_000))
                    .getMessages()
                    .forEach(message -> dropped.add(entry(jobInstanceId, message)));
            if (!dropped.isEmpty()) {
                acknowledge(dropped);
            }
            return dropped.stream().map(Entry::chunkId).toList();
        } catch (RedisCommandExecutionException laneIsGone) {
            return List.of();
        }
    }

    private static Entry entry(long jobInstanceId, StreamMessage<String, String> message) {
        return new Entry(
                jobInstanceId, message.getId(), Long.parseLong(message.getBody().get(CHUNK)));
    }

    private String lanesKey() {
        return prefix + "lanes";
    }

    private String lane(long jobInstanceId) {
        return lane(Long.toString(jobInstanceId));
    }

    private String lane(String jobInstanceId) {
        return prefix + "lane:" + jobInstanceId;
    }

    private static int weight(Priority priority) {
        return switch (priority) {
            case HIGH -> 4;
            case NORMAL -> 2;
            case LOW -> 1;
        };
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
