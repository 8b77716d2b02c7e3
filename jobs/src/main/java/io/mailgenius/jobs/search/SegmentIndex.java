package io.mailgenius.jobs.search;

import io.mailgenius.jobs.rules.Rule;
import io.mailgenius.schema.WorkspaceScope;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The in-memory index of the contacts of one workspace. Any number of threads query it; a single
 * thread loads and refreshes it. A facet is loaded when a rule first needs it.
 *
 * <p>A facet that is loaded late already contains changes that older facets do not. The next
 * refresh reads all changes since {@link ContactChanges} began and applies them to every facet;
 * applying a change twice does no harm.
 */
public final class SegmentIndex {

    private static final int ROWS_A_FETCH = 10_000;
    private static final int CONTACTS_A_READING = 10_000;
    private static final int REBUILD_THRESHOLD = 100_000;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final long workspace;
    private final Runnable progress;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final ContactOrdinals ordinals;
    private final RoaringBitmap allContacts = new RoaringBitmap();
    private final Map<Facet, Facet.ColumnIndex> held = new HashMap<>();
    private final Map<Facet, Long> lastAsked = new ConcurrentHashMap<>();
    private final Set<Facet> unfit = ConcurrentHashMap.newKeySet();
    private final ContactChanges changes;
    private Instant asOf;
    private long seen;

    /** Reads the ids of the contacts; facets are loaded later. */
    public SegmentIndex(
            JdbcClient jdbc, TransactionTemplate transaction, Clock clock, long workspace) {
        this(jdbc, transaction, clock, workspace, () -> {});
    }

    /**
     * @param progress called with each fetch of rows
     */
    SegmentIndex(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Clock clock,
            long workspace,
            Runnable progress) {
        this.progress = progress;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.workspace = workspace;
        this.asOf = clock.instant();
        // Starts recording changes before the contacts are read, in a transaction of its own.
        this.changes = inside(() -> new ContactChanges(jdbc));
        this.seen = changes.horizon();
        long count =
                inside(() -> one("SELECT count(*) FROM contact WHERE workspace_id = :workspace"));
        this.ordinals =
                new ContactOrdinals((int) Math.min(count + count / 50, Integer.MAX_VALUE - 8));
        read(
                "SELECT id FROM contact WHERE workspace_id = :workspace ORDER BY id",
                Map.of(),
                row -> allContacts.add(ordinals.add(row.getLong("id"))));
        allContacts.runOptimize();
    }

    private long one(String sql) {
        return jdbc.sql(sql)
                .param("workspace", workspace)
                .query((row, _) -> row.getLong(1))
                .single();
    }

    private <R> R inside(Supplier<R> work) {
        return WorkspaceScope.call(
                workspace,
                () -> java.util.Objects.requireNonNull(transaction.execute(_ -> work.get())));
    }

    private void read(String sql, Map<String, Object> params, RowCallbackHandler rows) {
        inside(
                () -> {
                    int[] read = {0};
                    jdbc.sql(sql)
                            .params(params)
                            .param("workspace", workspace)
                            .param("after", 0L)
                            .param("through", Long.MAX_VALUE)
                            .withFetchSize(ROWS_A_FETCH)
                            .query(
                                    row -> {
                                        if (read[0]++ % ROWS_A_FETCH == 0) {
                                            progress.run();
                                        }
                                        rows.processRow(row);
                                    });
                    return true;
                });
    }

    public sealed interface Answer {}

    /**
     * @param first the ids of the first matches
     */
    public record Counted(long count, List<Long> first, Instant asOf) implements Answer {}

    public record Needs(Set<Facet> facets) implements Answer {}

    public Answer ask(Rule rule, int first) {
        IndexedRule indexed = new IndexedRule(rule, unfit);
        lock.readLock().lock();
        try {
            Set<Facet> needs = indexed.needs();
            long now = System.nanoTime();
            needs.forEach(facet -> lastAsked.computeIfPresent(facet, (_, _) -> now));
            if (!held.keySet().containsAll(needs)) {
                needs.removeAll(held.keySet());
                return new Needs(needs);
            }
            RoaringBitmap matches = indexed.matching(allContacts, held);
            List<Long> ids = new ArrayList<>();
            var iterator = matches.getIntIterator();
            while (ids.size() < first && iterator.hasNext()) {
                ids.add(ordinals.id(iterator.next()));
            }
            return new Counted(matches.getLongCardinality(), ids, asOf);
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * @param ids in ascending order, complete up to the requested number
     * @param seen contacts that changed in this transaction or a later one may match, too
     */
    record Having(List<Long> ids, long seen) {}

    /** Empty while the column is not loaded. */
    Optional<Having> having(String part, long after, int most) {
        byte[] wanted = part.getBytes(StandardCharsets.UTF_8);
        lock.readLock().lock();
        try {
            if (!(held.get(Facet.SEARCH_TEXT) instanceof SubstringColumnIndex words)) {
                return Optional.empty();
            }
            lastAsked.put(Facet.SEARCH_TEXT, System.nanoTime());
            List<Long> ids = new ArrayList<>();
            int late = ordinals.ascending();
            words.having(
                    wanted,
                    ordinals.firstAfter(after),
                    late,
                    ordinal -> ids.add(ordinals.id(ordinal)) && ids.size() <= most);
            words.having(
                    wanted,
                    late,
                    ordinals.count(),
                    ordinal -> ordinals.id(ordinal) <= after || ids.add(ordinals.id(ordinal)));
            ids.sort(null);
            return Optional.of(new Having(ids, seen));
        } finally {
            lock.readLock().unlock();
        }
    }

    int contacts() {
        return ordinals.count();
    }

    boolean has(Facet facet) {
        return held.containsKey(facet) || unfit.contains(facet);
    }

    /** Called by the refreshing thread. */
    public void load(Facet facet) {
        Facet.ColumnIndex loading = facet.empty(ordinals.count());
        Facet.Query query = facet.query(false);
        try {
            read(
                    query.sql(),
                    query.params(),
                    row -> {
                        int ordinal = ordinals.of(row.getLong("id"));
                        Object value = row.getObject("value");
                        // Skips contacts that were added after the last refresh, and values of
                        // deleted contacts.
                        if (value != null && ordinal >= 0 && allContacts.contains(ordinal)) {
                            quietly(() -> loading.load(ordinal, value));
                        }
                    });
        } catch (UnfitWhileReading e) {
            unfit.add(facet);
            return;
        }
        loading.seal(ordinals.count());
        lock.writeLock().lock();
        try {
            held.put(facet, loading);
            lastAsked.put(facet, System.nanoTime());
        } finally {
            lock.writeLock().unlock();
        }
    }

    private interface Change {
        void make() throws Facet.Unfit;
    }

    /** Carries the checked exception out of a row callback. */
    private static final class UnfitWhileReading extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnfitWhileReading(Facet.Unfit cause) {
            super(cause);
        }
    }

    private static void quietly(Change change) {
        try {
            change.make();
        } catch (Facet.Unfit e) {
            throw new UnfitWhileReading(e);
        }
    }

    /**
     * Applies the changes since the last refresh. They are acknowledged after all of them were
     * applied, so a failed refresh is repeated by the next one.
     *
     * @return false if there are so many changes that the index should be rebuilt
     */
    boolean refresh() {
        Instant now = clock.instant();
        ContactChanges.Read read = inside(changes::read);
        if (read.contacts().size() > Math.max(REBUILD_THRESHOLD, ordinals.count() / 10)
                || ordinals.needsReload()) {
            return false;
        }
        List<Long> contacts = List.copyOf(read.contacts());
        for (int from = 0; from < contacts.size(); from += CONTACTS_A_READING) {
            again(contacts.subList(from, Math.min(contacts.size(), from + CONTACTS_A_READING)));
        }
        changes.done(read);
        lock.writeLock().lock();
        try {
            asOf = now;
            seen = changes.horizon();
            List<Facet> outdated =
                    held.entrySet().stream()
                            .filter(entry -> entry.getValue().needsReload())
                            .map(Map.Entry::getKey)
                            .toList();
            // The next query loads the facet again.
            outdated.forEach(this::forget);
        } finally {
            lock.writeLock().unlock();
        }
        return true;
    }

    private void again(List<Long> contacts) {
        Long[] ids = contacts.toArray(Long[]::new);
        Set<Long> present = new HashSet<>();
        read(
                "SELECT id FROM contact WHERE workspace_id = :workspace AND id = ANY (CAST(:ids AS bigint[]))",
                Map.of("ids", ids),
                row -> present.add(row.getLong("id")));
        Map<Facet, Map<Long, Object>> values = new LinkedHashMap<>();
        for (Facet facet : List.copyOf(held.keySet())) {
            Facet.Query query = facet.query(true);
            Map<String, Object> params = new HashMap<>(query.params());
            params.put("ids", ids);
            Map<Long, Object> found = new HashMap<>();
            read(
                    query.sql(),
                    params,
                    row -> {
                        Object value = row.getObject("value");
                        if (value != null) {
                            found.put(row.getLong("id"), value);
                        }
                    });
            values.put(facet, found);
        }
        lock.writeLock().lock();
        try {
            contacts.forEach(id -> settle(id, present.contains(id), values));
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void settle(long id, boolean present, Map<Facet, Map<Long, Object>> values) {
        int known = ordinals.of(id);
        if (known < 0 && !present) {
            return;
        }
        int ordinal = known < 0 ? ordinals.add(id) : known;
        if (present) {
            allContacts.add(ordinal);
        } else {
            allContacts.remove(ordinal);
        }
        values.forEach(
                (facet, found) -> {
                    Facet.@Nullable ColumnIndex holding = held.get(facet);
                    if (holding == null) {
                        return;
                    }
                    try {
                        holding.change(ordinal, present ? found.get(id) : null);
                    } catch (Facet.Unfit e) {
                        forget(facet);
                        unfit.add(facet);
                    }
                });
    }

    long bytes() {
        return ordinals.bytes()
                + allContacts.getLongSizeInBytes()
                + held.values().stream().mapToLong(Facet.ColumnIndex::bytes).sum();
    }

    /** Facets by the time of their last use, the oldest first. */
    Map<Facet, Long> leastRecentlyUsed() {
        Map<Facet, Long> unasked = new LinkedHashMap<>();
        held.keySet().stream()
                .sorted(java.util.Comparator.comparingLong(f -> lastAsked.getOrDefault(f, 0L)))
                .forEach(facet -> unasked.put(facet, lastAsked.getOrDefault(facet, 0L)));
        return unasked;
    }

    void drop(Facet facet) {
        lock.writeLock().lock();
        try {
            forget(facet);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void forget(Facet facet) {
        held.remove(facet);
        lastAsked.remove(facet);
    }
}
