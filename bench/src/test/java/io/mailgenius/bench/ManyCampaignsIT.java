package io.mailgenius.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.Cluster;
import io.mailgenius.api.Cluster.Member;
import io.mailgenius.bench.load.Tenants;
import io.mailgenius.bench.load.Tenants.Tenant;
import io.mailgenius.schema.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many campaigns at once on a node with few connections, which dies in the middle of them. */
class ManyCampaignsIT {

    private static final int CAMPAIGNS = 12;
    private static final int PEOPLE = 400;

    /** Fewer than campaigns, and fewer than the node has threads that want one. */
    private static final Map<String, String> FEW_CONNECTIONS =
            Map.of("MAILGENIUS_DATABASE_CONNECTIONS", "6");

    @TempDir Path folder;

    private Cluster cluster;
    private Member node;

    @RegisterExtension
    final AfterEachCallback tellsWhy =
            context ->
                    context.getExecutionException()
                            .ifPresent(_ -> System.err.println(cluster.tails()));

    @BeforeEach
    void start() throws Exception {
        cluster = new Cluster(folder);
        node = cluster.start("api,manager,worker", FEW_CONNECTIONS);
        cluster.awaitStarted();
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void all_are_sent_with_nobody_missed_or_mailed_twice_though_the_node_is_killed()
            throws Exception {
        TestDatabase database = cluster.database();
        List<Tenant> tenants =
                new Tenants(database.url(), database.username(), database.password())
                        .make(CAMPAIGNS, PEOPLE);
        for (Tenant tenant : tenants) {
            launch(tenant);
        }
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> number("SELECT coalesce(sum(mails), 0) FROM sandbox_batch") > PEOPLE);
        node.process().destroyForcibly().waitFor();

        cluster.start("manager,worker", FEW_CONNECTIONS);
        await().atMost(Duration.ofMinutes(4))
                .until(
                        () ->
                                number("SELECT count(*) FROM campaign WHERE status = 'SENT'")
                                        == CAMPAIGNS);
        assertThat(acceptedAddresses()).hasSize(CAMPAIGNS * PEOPLE).doesNotHaveDuplicates();
    }

    private void launch(Tenant tenant) throws Exception {
        long id =
                cluster.post(
                                tenant.key(),
                                "/api/v1/campaigns",
                                """
                                {"name": "News", "subject": "News for {{ contact.first_name }}",
                                 "from": "MailGenius <news@example.com>",
                                 "html": "<p>Hello</p><a href='{{ unsubscribe_url }}'>Leave</a>",
                                 "audience": {"listId": %d}}
                                """
                                        .formatted(tenant.list()))
                        .path("id")
                        .asLong();
        cluster.post(tenant.key(), "/api/v1/campaigns/" + id + "/send", "{}");
    }

    private List<String> acceptedAddresses() throws Exception {
        List<String> addresses = new ArrayList<>();
        for (byte[] body :
                cluster.owner().sql("SELECT body FROM sandbox_batch").query(byte[].class).list()) {
            try (InputStream json = new GZIPInputStream(new ByteArrayInputStream(body))) {
                for (JsonNode mail : JsonMapper.shared().readTree(json)) {
                    JsonNode to = mail.path("to");
                    addresses.add(to.isArray() ? to.path(0).asString() : to.asString());
                }
            }
        }
        return addresses;
    }

    private long number(String sql) {
        return cluster.owner().sql(sql).query(Long.class).single();
    }
}
