package io.mailgenius.jobs.search;

import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.engine.tenancy.AutocommitReadTemplate;
import io.mailgenius.jobs.contacts.ContactParts;
import io.mailgenius.jobs.rules.Rule;
import io.mailgenius.schema.StatementLimit;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The indexes of the workspaces that this node is queried for. One thread builds them, loads facets
 * and keeps them current. They are not persistent and are rebuilt on demand.
 */
@Component
@Profile("api")
public class SegmentIndexes implements SmartLifecycle, ContactParts {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentIndexes.class);

    /** For fewer contacts, SQL is as fast. */
    static final int MIN_CONTACTS = 20_000;

    private static final Duration PACE = Duration.ofSeconds(1);

    /** The time limit for loading millions of contacts. */
    private static final Duration LOADING = Duration.ofMinutes(5);

    private static final String LOOP = "contact-indexes";

    private static final Duration UNUSED = Duration.ofMinutes(10);

    /** Changes are kept longer than this, see {@link SegmentRefresher}. */
    private static final Duration STALE = Duration.ofMinutes(4);

    /** The time after which a facet that did not fit into memory is tried again. */
    private static final Duration REFUSED = Duration.ofMinutes(5);

    private final JdbcClient jdbc;
    private final AutocommitReadTemplate reads;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final RoundMonitor monitor;
    private final IndexMemory memory;
    private final int few;

    private final Map<Long, CachedIndex> kept = new ConcurrentHashMap<>();
    private final Map<Long, Long> small = new ConcurrentHashMap<>();
    private final Map<Long, Map<Facet, Long>> refused = new ConcurrentHashMap<>();
    private final Map<LoadRequest, CompletableFuture<Boolean>> loading = new ConcurrentHashMap<>();
    private volatile @Nullable ScheduledExecutorService thread;
    private volatile RoundMonitor.@Nullable Round round;

    private record LoadRequest(long workspace, Set<Facet> facets) {}

    private static final class CachedIndex {
        final SegmentIndex index;
        volatile long asked = System.nanoTime();
        volatile long refreshed = System.nanoTime();

        CachedIndex(SegmentIndex index) {
            this.index = index;
        }
    }

    @Autowired
    SegmentIndexes(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Clock clock,
            RoundMonitor monitor,
            @Value("${mailgenius.segment-index-memory}") long budget) {
        this(jdbc, transactions, clock, monitor, budget, MIN_CONTACTS);
    }

    /**
     * @param budget bytes of all indexes together; 0 disables indexes
     */
    SegmentIndexes(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Clock clock,
            RoundMonitor monitor,
            long budget,
            int few) {
        this.jdbc = jdbc;
        this.reads = new AutocommitReadTemplate(transactions);
        // Cursors need a transaction, which an autocommit read is not.
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setReadOnly(true);
        this.clock = clock;
        this.monitor = monitor;
        this.memory = new IndexMemory(budget, () -> kept.values().stream().map(it -> it.index));
        this.few = few;
    }

    @Override
    public synchronized void start() {
        if (thread == null && memory.isAny()) {
            ScheduledExecutorService starting =
                    Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform().name("index-of-contacts").daemon().factory());
            round = monitor.watch(LOOP, LOADING, this::restart);
            starting.scheduleWithFixedDelay(
                    this::refreshAll, PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
            thread = starting;
        }
    }

    @Override
    public synchronized void stop() {
        if (end()) {
            monitor.unwatch(LOOP);
        }
    }

    /** Drops the indexes, because the thread that hangs may be in the middle of a change. */
    private synchronized void restart() {
        if (end()) {
            start();
        }
    }

    private boolean end() {
        ScheduledExecutorService stopping = thread;
        if (stopping == null) {
            return false;
        }
        stopping.shutdownNow();
        thread = null;
        kept.clear();
        loading.values().forEach(waiting -> waiting.complete(false));
        loading.clear();
        return true;
    }

    /** The workspaces that have an index on this node. */
    long size() {
        return kept.size();
    }

    /** The heap that all indexes take, in bytes. */
    long bytes() {
        return kept.values().stream().mapToLong(it -> it.index.bytes()).sum();
    }

    /** How long ago the index that is furthest behind was brought up to date, in seconds. */
    double age() {
        long now = System.nanoTime();
        return kept.values().stream().mapToDouble(it -> (now - it.refreshed) / 1e9).max().orElse(0);
    }

    /** Called between any two statements or fetches that may take long. */
    private void progress() {
        RoundMonitor.Round watched = round;
        if (watched != null) {
            watched.completed();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /**
     * Must be called outside of a transaction, because it waits until the facets of the rule are
     * loaded. All waiting callers share one scan of the contacts.
     *
     * @return empty if the caller should query the contacts instead
     */
    public Optional<SegmentIndex.Counted> ask(Rule rule, int first, Duration patience) {
        long workspace = WorkspaceScope.required();
        long deadline = System.nanoTime() + patience.toNanos();
        while (isRunning() && !isSmall(workspace)) {
            Set<Facet> needs = Set.of();
            CachedIndex known = kept.get(workspace);
            if (known != null) {
                known.asked = System.nanoTime();
                switch (known.index.ask(rule, first)) {
                    case SegmentIndex.Counted counted when isCurrent(known) -> {
                        return Optional.of(counted);
                    }
                    case SegmentIndex.Counted _ -> {
                        // The refresh is late or the database is down, so the result would be too
                        // old.
                        return Optional.empty();
                    }
                    case SegmentIndex.Needs(var facets) -> needs = facets;
                }
            }
            if (isRefused(workspace, needs)
                    || !loaded(new LoadRequest(workspace, needs), deadline - System.nanoTime())) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Does not wait: the first search triggers loading and queries the contacts meanwhile. */
    @Override
    public Optional<Found> having(String part, long after, int most) {
        long workspace = WorkspaceScope.required();
        if (!isRunning() || part.isEmpty() || part.indexOf('\n') >= 0 || isSmall(workspace)) {
            return Optional.empty();
        }
        CachedIndex known = kept.get(workspace);
        Optional<SegmentIndex.Having> having = Optional.empty();
        if (known != null) {
            known.asked = System.nanoTime();
            having = known.index.having(part, after, most);
        }
        if (known == null || having.isEmpty()) {
            Set<Facet> needs = Set.of(Facet.SEARCH_TEXT);
            if (!isRefused(workspace, needs)) {
                loaded(new LoadRequest(workspace, needs), 0);
            }
            return Optional.empty();
        }
        return isCurrent(known) ? having.map(it -> found(it, most)) : Optional.empty();
    }

    private static Found found(SegmentIndex.Having having, int most) {
        List<Long> ids = having.ids();
        return ids.size() > most
                ? new Found(List.copyOf(ids.subList(0, most)), having.seen(), ids.get(most - 1))
                : new Found(ids, having.seen(), Long.MAX_VALUE);
    }

    private static boolean isCurrent(CachedIndex known) {
        return System.nanoTime() - known.refreshed < STALE.toNanos();
    }

    private boolean isSmall(long workspace) {
        Long until = small.get(workspace);
        if (until != null && until - System.nanoTime() > 0) {
            return true;
        }
        if (kept.containsKey(workspace)) {
            return false;
        }
        boolean isSmall =
                Objects.requireNonNull(
                        reads.execute(
                                _ ->
                                        jdbc.sql(
                                                        """
                                                SELECT count(*) < :few AS small
                                                  FROM (SELECT FROM contact WHERE workspace_id = :workspace LIMIT :few) first_few
                                                """)
                                                .param("workspace", workspace)
                                                .param("few", few)
                                                .query((row, _) -> row.getBoolean("small"))
                                                .single()));
        if (isSmall) {
            small.put(workspace, System.nanoTime() + REFUSED.toNanos() / 10);
        }
        return isSmall;
    }

    private boolean isRefused(long workspace, Set<Facet> needs) {
        Map<Facet, Long> refusals = refused.getOrDefault(workspace, Map.of());
        long now = System.nanoTime();
        return needs.stream().anyMatch(facet -> refusals.getOrDefault(facet, now) - now > 0);
    }

    /** Returns whether the facet was loaded in time. Concurrent callers wait for the same load. */
    private boolean loaded(LoadRequest wanted, long nanos) {
        ScheduledExecutorService running = thread;
        if (running == null) {
            return false;
        }
        CompletableFuture<Boolean> waiting =
                loading.computeIfAbsent(
                        wanted,
                        it -> {
                            CompletableFuture<Boolean> loads = new CompletableFuture<>();
                            running.execute(
                                    () ->
                                            StatementLimit.run(
                                                    LOADING, () -> load(running, it, loads)));
                            return loads;
                        });
        try {
            return nanos > 0 && waiting.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | CancellationException | ExecutionException e) {
            return false;
        }
    }

    private void load(
            ScheduledExecutorService running,
            LoadRequest wanted,
            CompletableFuture<Boolean> waiting) {
        boolean loaded = false;
        try {
            loaded = load(running, wanted);
        } catch (RuntimeException e) {
            // The caller queries the contacts instead, which reports the cause of the failure.
            LOG.warn(
                    "The index of workspace {} was not loaded: {}",
                    wanted.workspace(),
                    e.toString());
        } finally {
            loading.remove(wanted, waiting);
            waiting.complete(loaded);
        }
    }

    private boolean load(ScheduledExecutorService running, LoadRequest wanted) {
        CachedIndex known = kept.get(wanted.workspace());
        if (known == null) {
            known =
                    new CachedIndex(
                            new SegmentIndex(
                                    jdbc, transaction, clock, wanted.workspace(), this::progress));
            if (thread != running) {
                return false;
            }
            if (!memory.fits(known.index, known.index.bytes(), wanted.facets())) {
                small.put(wanted.workspace(), System.nanoTime() + REFUSED.toNanos());
                return false;
            }
            kept.put(wanted.workspace(), known);
        }
        for (Facet facet : wanted.facets()) {
            if (known.index.has(facet)) {
                continue;
            }
            if (!memory.fits(
                    known.index, facet.estimate(known.index.contacts()), wanted.facets())) {
                refused.computeIfAbsent(wanted.workspace(), _ -> new ConcurrentHashMap<>())
                        .put(facet, System.nanoTime() + REFUSED.toNanos());
                return false;
            }
            known.index.load(facet);
        }
        return true;
    }

    private void refreshAll() {
        for (Map.Entry<Long, CachedIndex> entry : kept.entrySet()) {
            try {
                refresh(entry.getKey(), entry.getValue());
            } catch (RuntimeException e) {
                // The next refresh reads the same changes again; an index that stays behind is
                // dropped.
                LOG.debug("The index of workspace {} could not be refreshed", entry.getKey(), e);
            }
            progress();
        }
        progress();
    }

    private void refresh(long workspace, CachedIndex known) {
        long now = System.nanoTime();
        boolean worth =
                now - known.asked < UNUSED.toNanos() && isCurrent(known) && known.index.refresh();
        if (worth) {
            known.refreshed = now;
        } else {
            kept.remove(workspace);
        }
    }
}
