package io.mailgenius.engine.observation;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The latest log lines of each job, from all nodes, in Redis. Writing never blocks work: lines wait
 * in a bounded queue, and are dropped and counted while that is full or Redis is away.
 */
public final class JobLog implements SmartLifecycle {

    /** Lines kept per job, about. */
    static final int KEPT = 5_000;

    static final int WAITING = 10_000;

    private static final Duration LIFE = Duration.ofDays(7);
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int BATCH = 200;
    private static final int LONGEST_MESSAGE = 2_000;
    private static final int LONGEST_ERROR = 4_000;

    private final RedisClient client;
    private final String prefix;
    private final Counter dropped;
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING);
    private @Nullable StatefulRedisConnection<String, String> connection;
    private volatile @Nullable Thread thread;
    private volatile @Nullable JobLogAppender appender;

    /**
     * @param namespace the prefix of all keys of the installation
     */
    public JobLog(RedisClient client, String namespace, String node, MeterRegistry meters) {
        this.client = client;
        this.prefix = namespace + ":log:";
        this.dropped =
                Counter.builder("mailgenius.job.log.dropped")
                        .description("Log lines of jobs that were not kept for live reading")
                        .register(meters);
        this.appender = new JobLogAppender(node, this);
    }

    /**
     * A log line.
     *
     * @param level as SLF4J names it
     * @param node the id of the node
     * @param logger the class that wrote it, without its package
     * @param executionId null if it was written before the execution had an id
     * @param chunkId null outside of chunks
     * @param error the stack trace, shortened; null without an exception
     */
    public record Line(
            Instant at,
            String level,
            String node,
            String logger,
            String message,
            @Nullable Long executionId,
            @Nullable Long chunkId,
            @Nullable String error) {}

    /**
     * A page of lines in the order of time.
     *
     * @param next where the next page begins, also after the last line: asking again shows later
     *     lines
     * @param available false if Redis could not be asked
     */
    public record LinePage(List<Line> items, String next, boolean available) {}

    private record Waiting(long launchId, Line line) {}

    /** Keeps a line, unless too many wait. */
    public void add(long launchId, Line line) {
        if (launchId != 0 && !waiting.offer(new Waiting(launchId, line))) {
            dropped.increment();
        }
    }

    @Override
    public void start() {
        Thread writing = Thread.ofPlatform().name("job-log").daemon().unstarted(this::write);
        thread = writing;
        writing.start();
        JobLogAppender attached = appender;
        if (attached != null) {
            attached.attach();
        }
    }

    private void write() {
        while (thread == Thread.currentThread()) {
            try {
                List<Waiting> batch = new ArrayList<>(List.of(waiting.take()));
                waiting.drainTo(batch, BATCH);
                if (!write(batch)) {
                    dropped.increment(batch.size());
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean write(List<Waiting> batch) {
        try {
            RedisAsyncCommands<String, String> redis = connection().async();
            Set<Long> launches = new HashSet<>();
            List<RedisFuture<?>> futures = new ArrayList<>();
            for (Waiting one : batch) {
                futures.add(
                        redis.xadd(
                                key(one.launchId()),
                                XAddArgs.Builder.maxlen(KEPT).approximateTrimming(),
                                fields(one.line())));
                launches.add(one.launchId());
            }
            for (long launch : launches) {
                futures.add(redis.expire(key(launch), LIFE));
            }
            return LettuceFutures.awaitAll(TIMEOUT, futures.toArray(RedisFuture[]::new));
        } catch (RedisException away) {
            return false;
        }
    }

    private synchronized StatefulRedisConnection<String, String> connection() {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            open = client.connect();
            open.setTimeout(TIMEOUT);
            connection = open;
        }
        return open;
    }

    private String key(long launchId) {
        return prefix + launchId;
    }

    private static Map<String, String> fields(Line line) {
        Map<String, String> fields = new HashMap<>();
        fields.put("at", Long.toString(line.at().toEpochMilli()));
        fields.put("level", line.level());
        fields.put("node", line.node());
        fields.put("logger", line.logger());
        fields.put("message", cut(line.message(), LONGEST_MESSAGE));
        if (line.executionId() != null) {
            fields.put("execution", line.executionId().toString());
        }
        if (line.chunkId() != null) {
            fields.put("chunk", line.chunkId().toString());
        }
        if (line.error() != null) {
            fields.put("error", cut(line.error(), LONGEST_ERROR));
        }
        return fields;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }

    /**
     * The lines of a job, the oldest first.
     *
     * @param after the {@code next} of the page before; empty for the beginning
     * @param words what message or error contain, in any case; empty for all lines
     * @param levels the levels to show; empty for all
     * @param limit at most so many lines
     */
    public LinePage read(long launchId, String after, String words, Set<String> levels, int limit) {
        Boundary<String> from = after.isEmpty() ? Boundary.unbounded() : Boundary.excluding(after);
        List<Line> found = new ArrayList<>();
        String next = after;
        try {
            for (StreamMessage<String, String> message : range(launchId, from)) {
                next = message.getId();
                Line line = line(message.getBody());
                if (matches(line, words.toLowerCase(Locale.ROOT), levels)) {
                    found.add(line);
                    if (found.size() == limit) {
                        break;
                    }
                }
            }
            return new LinePage(found, next, true);
        } catch (RedisException | TimeoutException away) {
            return new LinePage(List.of(), after, false);
        }
    }

    private List<StreamMessage<String, String>> range(long launchId, Boundary<String> from)
            throws TimeoutException {
        try {
            return connection()
                    .async()
                    .xrange(
                            key(launchId),
                            Range.from(from, Boundary.unbounded()),
                            Limit.from(2L * KEPT))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RedisException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException(e);
        }
    }

    private static boolean matches(Line line, String words, Set<String> levels) {
        return (levels.isEmpty() || levels.contains(line.level()))
                && (words.isEmpty()
                        || line.message().toLowerCase(Locale.ROOT).contains(words)
                        || line.error() != null
                                && line.error().toLowerCase(Locale.ROOT).contains(words));
    }

    private static Line line(Map<String, String> fields) {
        return new Line(
                Instant.ofEpochMilli(Long.parseLong(fields.getOrDefault("at", "0"))),
                fields.getOrDefault("level", "INFO"),
                fields.getOrDefault("node", ""),
                fields.getOrDefault("logger", ""),
                fields.getOrDefault("message", ""),
                number(fields.get("execution")),
                number(fields.get("chunk")),
                fields.get("error"));
    }

    private static @Nullable Long number(@Nullable String text) {
        return text == null ? null : Long.valueOf(text);
    }

    @Override
    public void stop() {
        JobLogAppender attached = appender;
        if (attached != null) {
            attached.detach();
        }
        Thread writing = thread;
        thread = null;
        if (writing != null) {
            writing.interrupt();
        }
        List<Waiting> last = new ArrayList<>();
        waiting.drainTo(last);
        synchronized (this) {
            // No new connection here: the client may be closed already, and would never connect.
            if (connection != null) {
                if (!last.isEmpty()) {
                    write(last);
                }
                connection.close();
                connection = null;
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Starts before everything that writes lines, and stops after it. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 400;
    }
}
