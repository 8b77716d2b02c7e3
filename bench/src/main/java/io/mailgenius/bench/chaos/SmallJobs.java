package io.mailgenius.bench.chaos;

import static io.mailgenius.bench.chaos.WebhookRun.rounded;

import io.mailgenius.api.client.Client;
import io.mailgenius.api.samples.SampleContacts;
import io.mailgenius.bench.load.Latencies;
import io.mailgenius.bench.load.Tenants.Tenant;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/**
 * A small campaign and a small import, each launched again when it has ended, to measure how long a
 * small user waits.
 */
final class SmallJobs {

    private static final long POLL_MILLIS = 50;
    private static final List<String> MOVING = List.of("PENDING", "RUNNING", "SENDING");

    private final URI node;
    private final Tenant tenant;
    private final Path folder;
    private final Duration patience;
    private final ConcurrentLinkedQueue<Duration> campaigns = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Duration> imports = new ConcurrentLinkedQueue<>();

    private interface Job {
        void once(Client client) throws IOException, InterruptedException;
    }

    /**
     * @param tenant who mails all its contacts, and imports others
     * @param patience after which an unfinished job counts as failed
     */
    SmallJobs(URI node, Tenant tenant, Path folder, Duration patience) {
        this.node = node;
        this.tenant = tenant;
        this.folder = folder;
        this.patience = patience;
    }

    /** Sends campaigns as long as the condition holds. */
    void sendWhile(BooleanSupplier again) throws IOException, InterruptedException {
        repeat(this::send, again);
    }

    void importWhile(long rows, BooleanSupplier again) throws IOException, InterruptedException {
        repeat(client -> importRows(client, rows), again);
    }

    private void repeat(Job job, BooleanSupplier again) throws IOException, InterruptedException {
        try (Client client = new Client(node, tenant.key())) {
            while (again.getAsBoolean()) {
                job.once(client);
            }
        }
    }

    private void send(Client client) throws IOException, InterruptedException {
        long id =
                client.post("/api/v1/campaigns", CampaignLauncher.body(tenant)).path("id").asLong();
        Instant asked = Instant.now();
        client.post("/api/v1/campaigns/" + id + "/send", Map.of());
        campaigns.add(Duration.between(asked, ended(client, "/api/v1/campaigns/" + id, "SENT")));
    }

    private void importRows(Client client, long rows) throws IOException, InterruptedException {
        // Other rows than before, because known ones would be less work.
        Path file = rows(folder, rows, imports.size() + 1_000L);
        Instant asked = Instant.now();
        long id = client.upload("/api/v1/imports", file, Map.of()).path("id").asLong();
        imports.add(Duration.between(asked, ended(client, "/api/v1/imports/" + id, "COMPLETED")));
        Files.delete(file);
    }

    /** Writes a file with this number of rows. */
    static Path rows(Path folder, long rows, long seed) throws IOException {
        Path file = folder.resolve("rows-" + seed + ".csv");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            new SampleContacts(rows, seed).writeTo(out);
        }
        return file;
    }

    private Instant ended(Client client, String path, String wanted)
            throws IOException, InterruptedException {
        for (long end = System.nanoTime() + patience.toNanos(); System.nanoTime() < end; ) {
            JsonNode view = client.get(path);
            String status = view.path("status").asString();
            if (status.equals(wanted)) {
                return Instant.parse(view.path("finishedAt").asString());
            }
            if (!MOVING.contains(status)) {
                throw new IOException("%s is %s: %s".formatted(path, status, view));
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException("%s is not %s after %s".formatted(path, wanted, patience));
    }

    /** The number of sent campaigns, each to all contacts. */
    int sent() {
        return campaigns.size();
    }

    void tell(Map<String, Object> figures) {
        tell(figures, "campaign", campaigns);
        tell(figures, "import", imports);
    }

    private static void tell(
            Map<String, Object> figures, String what, ConcurrentLinkedQueue<Duration> times) {
        Latencies all = Latencies.of(times.stream().mapToLong(Duration::toNanos).toArray(), 1);
        figures.put(what + "s", times.size());
        figures.put(what + "P50Seconds", rounded(all.percentile(50) / 1e3));
        figures.put(what + "P95Seconds", rounded(all.percentile(95) / 1e3));
        figures.put(what + "MaxSeconds", rounded(all.percentile(100) / 1e3));
    }
}
