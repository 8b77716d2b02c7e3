package io.mailgenius.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.Cluster.Member;
import io.mailgenius.api.samples.SampleContacts;
import io.mailgenius.api.samples.SampleContacts.Expected;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One manager and two workers as they are run in earnest: the work is shared and not doubled. */
class ClusterIT {

    private static final List<String> IMPORTING = List.of("PENDING", "RUNNING");

    @TempDir Path folder;

    private Cluster cluster;
    private Member manager;
    private Member worker;
    private Member other;

    @RegisterExtension
    final AfterEachCallback tellsWhy =
            context ->
                    context.getExecutionException()
                            .ifPresent(_ -> System.err.println(cluster.tails()));

    /** The first node migrates the database; the workers come when the stores are ready. */
    @BeforeEach
    void start() throws Exception {
        cluster = new Cluster(folder);
        manager = cluster.start("api,manager");
        worker = cluster.start("worker");
        other = cluster.start("worker");
        cluster.awaitStarted();
    }

    @AfterEach
    void stop() throws Exception {
        try (Cluster stopping = cluster) {
            stopping.stop();
        }
    }

    @Test
    void both_workers_import_and_send_and_the_figures_add_up() throws Exception {
        Expected expected = imported(30_000);
        long segment =
                cluster.post(
                                "/api/v1/segments",
                                """
                                {"name": "pro", "rule": {"all": [
                                  {"field": "attributes.plan", "op": "equals", "value": "pro"}]}}
                                """)
                        .path("id")
                        .asLong();
        JsonNode built = cluster.until("/api/v1/segments/" + segment, "READY", List.of("BUILDING"));
        assertThat(built.path("members").asLong()).isEqualTo(expected.pro());

        JsonNode campaign = sent(sending("{\"segmentId\": %d}".formatted(segment)));
        assertSentOnce(campaign, expected.pro());
        assertThat(ownersOfDone("import.rows"))
                .isNotEmpty()
                .allMatch(owner -> worker.owns(owner) || other.owns(owner));
        assertThat(ownersOfDone("campaign.send"))
                .as("both workers, and nobody else, sent")
                .hasSize(2)
                .anyMatch(worker::owns)
                .anyMatch(other::owns)
                .noneMatch(manager::owns);

        JsonNode counts = counted(campaign.path("id").asLong(), expected.pro());
        long delivered = counts.path("delivered").asLong();
        long bounced = counts.path("bounced").asLong();
        assertThat(delivered + bounced).isEqualTo(counts.path("sent").asLong());
        assertThat(delivered).isPositive();
        assertThat(bounced).isPositive();
        assertThat(counts.path("opened").asLong()).isBetween(1L, delivered);
    }

    @Test
    void a_worker_that_dies_while_it_sends_costs_no_mail_and_doubles_none() throws Exception {
        Expected expected = imported(30_000);
        long id = sending("{\"all\": true}");

        // One of them has chunks in its hand, and mails of theirs may be on their way.
        Member victim =
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(20))
                        .until(this::oneInTheMiddle, Objects::nonNull);
        victim.process().destroyForcibly().waitFor();

        assertSentOnce(sent(id), expected.valid());
    }

    private @Nullable Member oneInTheMiddle() {
        if (acceptedMails() <= 2_000) {
            return null;
        }
        return inHand().stream()
                .map(owner -> worker.owns(owner) ? worker : other)
                .findFirst()
                .orElse(null);
    }

    private Expected imported(long rows) throws Exception {
        Path file = folder.resolve("contacts.csv");
        Expected expected;
        try (OutputStream out = Files.newOutputStream(file)) {
            expected = new SampleContacts(rows, 42).writeTo(out);
        }
        long id = cluster.upload(file).path("id").asLong();
        JsonNode counts =
                cluster.until("/api/v1/imports/" + id, "COMPLETED", IMPORTING).path("rows");
        assertThat(counts.path("read").asLong()).isEqualTo(expected.rows());
        assertThat(counts.path("created").asLong()).isEqualTo(expected.valid());
        assertThat(counts.path("duplicate").asLong()).isEqualTo(expected.duplicate());
        assertThat(counts.path("rejected").asLong()).isEqualTo(expected.bad());
        assertThat(counts.path("updated").asLong() + counts.path("unchanged").asLong()).isZero();
        return expected;
    }

    private long sending(String audience) throws Exception {
        long id =
                cluster.post(
                                "/api/v1/campaigns",
                                """
                                {"name": "News", "subject": "News for {{ contact.first_name }}",
                                 "from": "MailGenius <news@example.com>",
                                 "html": "<p>Hello {{ contact.first_name }}</p><a href='{{ unsubscribe_url }}'>Leave</a>",
                                 "audience": %s}
                                """
                                        .formatted(audience))
                        .path("id")
                        .asLong();
        cluster.post("/api/v1/campaigns/" + id + "/send", "{}");
        return id;
    }

    private JsonNode sent(long campaign) {
        return cluster.until("/api/v1/campaigns/" + campaign, "SENT", List.of("SENDING"));
    }

    /** By our figures, and by the bodies that the provider has accepted. */
    private void assertSentOnce(JsonNode campaign, long recipients) throws Exception {
        JsonNode counts = campaign.path("counts");
        assertThat(counts.path("recipients").asLong()).isEqualTo(recipients);
        assertThat(counts.path("sent").asLong()).isEqualTo(recipients);
        List<String> addresses = acceptedAddresses();
        Set<String> different = new HashSet<>(addresses);
        assertThat(different).as("people who were mailed").hasSize((int) recipients);
        assertThat(addresses).as("mails to them").hasSize((int) recipients);
    }

    private List<String> acceptedAddresses() throws Exception {
        List<byte[]> bodies =
                cluster.owner().sql("SELECT body FROM sandbox_batch").query(byte[].class).list();
        List<String> addresses = new ArrayList<>();
        for (byte[] body : bodies) {
            try (InputStream json = new GZIPInputStream(new ByteArrayInputStream(body))) {
                for (JsonNode mail : JsonMapper.shared().readTree(json)) {
                    JsonNode to = mail.path("to");
                    addresses.add(to.isArray() ? to.path(0).asString() : to.asString());
                }
            }
        }
        return addresses;
    }

    private long acceptedMails() {
        return cluster.owner()
                .sql("SELECT coalesce(sum(mails), 0) FROM sandbox_batch")
                .query(Long.class)
                .single();
    }

    private List<String> inHand() {
        return cluster.owner()
                .sql("SELECT owner FROM chunk WHERE step_name = :step AND state = 'CLAIMED'")
                .param("step", "campaign.send")
                .query(String.class)
                .list();
    }

    private List<String> ownersOfDone(String step) {
        return cluster.owner()
                .sql("SELECT DISTINCT owner FROM chunk WHERE step_name = :step AND state = 'DONE'")
                .param("step", step)
                .query(String.class)
                .list();
    }

    /** The sandbox reports each mail's end as a webhook, and the rollup counts them by itself. */
    private JsonNode counted(long campaign, long sent) {
        return await().atMost(Duration.ofMinutes(5))
                .until(
                        () -> cluster.get("/api/v1/campaigns/" + campaign).path("counts"),
                        counts ->
                                counts.path("delivered").asLong() + counts.path("bounced").asLong()
                                                >= sent
                                        && counts.path("opened").asLong() > 0);
    }
}
