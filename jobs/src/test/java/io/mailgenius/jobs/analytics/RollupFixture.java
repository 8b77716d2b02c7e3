package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.Receipt;
import io.mailgenius.jobs.events.WebhookSecrets;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The events' door and the rollup's work over a real database, without the engine. */
final class RollupFixture implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-03-05T12:34:56Z");

    final TestDatabase database = TestDatabase.create();
    final JdbcClient owner = JdbcClient.create(database.owner());
    final long workspace = database.workspace("Acme");
    final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    final Events events;
    final MarkedHours marked;
    final Settlement settlement;
    final Recount recount;
    final Analytics analytics;
    private final TransactionTemplate transaction;

    RollupFixture() {
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        PlatformTransactionManager transactions =
                new WorkspaceTransactionManager(database.dataSource());
        context.registerBean(JdbcClient.class, () -> jdbc);
        context.registerBean(PlatformTransactionManager.class, () -> transactions);
        context.registerBean(Clock.class, () -> Clock.fixed(NOW, ZoneOffset.UTC));
        context.registerBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new);
        context.registerBean(WebhookSecrets.class, () -> WebhookSecrets.of(""));
        context.register(Suppressions.class);
        context.scan("io.mailgenius.jobs.events");
        context.refresh();
        events = context.getBean(Events.class);
        marked = new MarkedHours(jdbc);
        settlement = new Settlement(jdbc);
        recount = new Recount(jdbc);
        analytics = new Analytics(jdbc, transactions);
        transaction = new TransactionTemplate(transactions);
    }

    /** All at once, as webhooks come. */
    void happen(Collection<Event> happened) {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Receipt>> receipts =
                    happened.stream()
                            .map(event -> callers.submit(() -> events.record(event)))
                            .toList();
            for (Future<Receipt> receipt : receipts) {
                if (!receipt.get().settled()) {
                    throw new IllegalStateException(receipt.get().toString());
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a run of the job does, one chunk after the other. */
    void rollup(int sliceSize) {
        slices(sliceSize).forEach(slice -> settle(List.of(slice)));
        hours().forEach(hour -> count(List.of(hour)));
    }

    List<Slice> slices(int size) {
        List<Slice> slices = new ArrayList<>();
        for (Hour hour : hours()) {
            Instant from = hour.start();
            while (from.isBefore(hour.end())) {
                Instant start = from;
                Slice slice = in(() -> marked.cut(hour, start, size)).slice();
                slices.add(slice);
                from = slice.to();
            }
        }
        return slices;
    }

    List<Hour> hours() {
        List<Hour> hours = new ArrayList<>();
        in(
                () -> {
                    var next = marked.after(Hour.NONE);
                    while (next.isPresent()) {
                        hours.add(next.get());
                        next = marked.after(next.get());
                    }
                    return hours;
                });
        return hours;
    }

    Settlement.Settled settle(List<Slice> slices) {
        return in(() -> settlement.settle(slices));
    }

    int count(List<Hour> hours) {
        boolean large = hours.size() % 2 == 0; // the same figures, only sooner or later
        return in(() -> recount.count(hours, large));
    }

    <T> T in(Supplier<T> work) {
        return WorkspaceScope.call(workspace, () -> transaction.execute(_ -> work.get()));
    }

    List<Map<String, Object>> rows(String sql) {
        return owner.sql(sql).query().listOfRows();
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }
}
