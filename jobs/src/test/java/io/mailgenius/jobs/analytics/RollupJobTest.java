package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.WebhookSecrets;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests the whole path on the engine: events arrive, and figures appear without an explicit call.
 */
class RollupJobTest {

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient owner = JdbcClient.create(database.owner());
    private final TestNode node =
            TestNode.start(database, List.of(Product.class), Role.API, Role.MANAGER, Role.WORKER);

    @AfterEach
    void close() {
        node.close();
        database.close();
    }

    @Test
    void figures_are_updated_automatically_in_every_workspace() {
        Map<Long, List<Event>> happened = new TreeMap<>();
        Instant from = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(5, ChronoUnit.HOURS);
        for (String name : List.of("Acme", "Umbrella")) {
            long workspace = database.workspace(name);
            List<Event> events =
                    ReferenceCounts.random(new Random(workspace), workspace, 200, from);
            happened.put(workspace, events);
            events.forEach(node.get(Events.class)::record);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> count("event_batch") == 0);
        happened.forEach(
                (workspace, events) ->
                        assertThat(ReferenceCounts.countedHours(owner, workspace))
                                .isEqualTo(ReferenceCounts.campaignHours(events)));
        assertThat(count("launch")).as("jobs for a few events").isZero();
    }

    @Test
    void a_rollup_is_not_launched_beside_another() {
        long workspace = database.workspace("Acme");
        Rollups rollups = node.get(Rollups.class);
        WorkspaceScope.run(
                workspace,
                () -> {
                    assertThat(rollups.launch()).isPresent();
                    assertThat(rollups.launch()).isEmpty();
                });
        assertThat(count("launch")).isEqualTo(1);
    }

    private long count(String table) {
        return owner.sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    // Not a @Configuration, so that component scans of other tests do not find it.
    @ComponentScan({"io.mailgenius.jobs.events", "io.mailgenius.jobs.analytics"})
    @Import(Suppressions.class)
    static class Product {

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        WebhookSecrets secrets() {
            return WebhookSecrets.of("");
        }
    }
}
