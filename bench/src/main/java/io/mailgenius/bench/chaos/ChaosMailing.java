package io.mailgenius.bench.chaos;

import io.mailgenius.api.client.Client;
import io.mailgenius.api.samples.SampleContacts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Acts as a user: imports contacts, sends a campaign, and reads its figures. */
final class ChaosMailing {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 200;

    private static final String HTML =
            """
            <h1>Hello {{ contact.first_name | default: "there" }}</h1>
            <p>Your {{ contact.attributes.plan | upcase }} plan has something new for {{ contact.city }}.</p>
            <p><small>Sent to {{ contact.email }}. <a href="{{ unsubscribe_url }}">Unsubscribe</a></small></p>
            """;

    private final Members members;
    private final String key;

    ChaosMailing(Members members, String key) {
        this.members = members;
        this.key = key;
    }

    /** The figures that the campaign reports. */
    record Counts(String status, String problem, long recipients, long sent) {}

    /** Imports contacts; returns when all of them exist. */
    void contacts(long count, long seed, Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("contacts.csv");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            new SampleContacts(rows(count), seed).writeTo(out);
        }
        try (Client client = client()) {
            String path =
                    "/api/v1/imports/"
                            + client.upload("/api/v1/imports", file, Map.of()).path("id").asLong();
            JsonNode view = client.get(path);
            while (List.of("PENDING", "RUNNING").contains(view.path("status").asString())) {
                Thread.sleep(POLL_MILLIS);
                view = client.get(path);
            }
            if (view.path("rows").path("created").asLong() != count) {
                throw new IOException("The import is not what it should be: " + view);
            }
        }
    }

    /** Empty if the node is dying. */
    Optional<JsonNode> look(String path) throws InterruptedException {
        try (Client client = client()) {
            return Optional.of(client.get(path));
        } catch (IOException dying) {
            return Optional.empty();
        }
    }

    /** One row in a hundred has an invalid address, and one is a duplicate. */
    private static long rows(long people) {
        long rows = people / 98 * 100;
        for (long left = people % 98; left > 0; rows++) {
            if (rows % 100 != 37 && rows % 100 != 73) {
                left--;
            }
        }
        return rows;
    }

    /** Sends a campaign to all contacts; returns its id. */
    long send() throws IOException, InterruptedException {
        try (Client client = client()) {
            long id =
                    client.post(
                                    "/api/v1/campaigns",
                                    Map.of(
                                            "name", "Chaos",
                                            "subject", "News for {{ contact.first_name }}",
                                            "from", "MailGenius <news@example.com>",
                                            "html", HTML,
                                            "audience", Map.of("all", true)))
                            .path("id")
                            .asLong();
            client.post("/api/v1/campaigns/" + id + "/send", Map.of());
            return id;
        }
    }

    /** Reads from any node that responds. */
    Counts counts(long campaign) throws IOException, InterruptedException {
        IOException last = new IOException("No node answers");
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
            try (Client client = client()) {
                JsonNode view = client.get("/api/v1/campaigns/" + campaign);
                JsonNode counts = view.path("counts");
                return new Counts(
                        view.path("status").asString(),
                        view.path("problem").asString(""),
                        counts.path("recipients").asLong(),
                        counts.path("sent").asLong());
            } catch (IOException e) {
                last = e;
                Thread.sleep(POLL_MILLIS);
            }
        }
        throw last;
    }

    Client client() throws InterruptedException, IOException {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
            for (Member manager : members.up(Members.MANAGER)) {
                @Nullable URI url = manager.url();
                if (url != null) {
                    return new Client(url, key);
                }
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException("No node that answers HTTP came up within " + PATIENCE);
    }
}
