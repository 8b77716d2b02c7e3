package io.mailgenius.jobs.analytics;

import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.EventShards;
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

/** Events and the rollup on a real database, without the engine. */
final class RollupFixture implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-03-05T12:34:56Z");

    final TestDatabase database = TestDatabase.create();
    final JdbcClient owner = JdbcClient.create(database.owner());
    final long workspace = database.workspace("Acme");
    final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    final Events events;
    final UncountedBatches batches;
    final BatchCount count;
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
        batches = new UncountedBatches(jdbc);
        count = new BatchCount(jdbc, batches, new MailPrograms(jdbc));
        analytics = new Analytics(jdbc, transactions);
        transaction = new TransactionTemplate(transactions);
        owner.sql(
                        """
                        INSERT INTO campaign (id, workspace_id, name, subject, sender, audience)
                        VALUES (7, ?, 'Seven', 'Seven', 'news@example.com', '{}')
                        """)
                .param(workspace)
                .update();
    }

    /** Stores all of them at once, as webhooks arrive. */
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

    /** Counts as a run with few events does, one chunk after the other. */
    void rollup(int events) {
        ranges(EventShards.ANY, events).forEach(this::count);
    }

    /** The ranges of a run with many events. */
    List<UncountedBatches.Range> ranges(int events) {
        return EventShards.all().stream().flatMap(shard -> ranges(shard, events).stream()).toList();
    }

    private List<UncountedBatches.Range> ranges(int shard, int events) {
        List<UncountedBatches.Range> ranges = new ArrayList<>();
        long until = in(batches::last);
        long after = 0;
        while (true) {
            long from = after;
            var next = in(() -> batches.after(shard, from, until, events));
            if (next.isEmpty()) {
                return ranges;
            }
            ranges.add(next.get());
            after = next.get().to();
        }
    }

    long count(UncountedBatches.Range range) {
        return in(() -> count.count(range)).events();
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
