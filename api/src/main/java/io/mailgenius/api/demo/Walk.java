package io.mailgenius.api.demo;

import io.mailgenius.api.client.Client;
import io.mailgenius.api.demo.Result.Counts;
import io.mailgenius.api.demo.Result.Rows;
import io.mailgenius.api.demo.Result.Seconds;
import io.mailgenius.api.samples.SampleContacts.Expected;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Runs the steps of the demo through the API and waits for each. */
final class Walk {

    private static final long POLL_MILLIS = 100;

    /**
     * How long the figures must be unchanged. It is long compared with the delay between the
     * delivery of a mail and its open.
     */
    private static final Duration STILL = Duration.ofMillis(1500);

    private static final Duration COUNTED_WITHIN = Duration.ofMinutes(30);

    private static final String HTML =
            """
            <h1>Hello {{ contact.first_name | default: "there" }}</h1>
            <p>Your {{ contact.attributes.plan }} plan has something new for {{ contact.city }}.</p>
            <p><a href="https://example.com/news">Have a look</a></p>
            <p><small><a href="{{ unsubscribe_url }}">Unsubscribe</a></small></p>
            """;

    private final Client client;
    private final PrintStream out;
    private final boolean terminal;

    /**
     * @param terminal whether lines of {@code out} can be redrawn
     */
    Walk(Client client, PrintStream out, boolean terminal) {
        this.client = client;
        this.out = out;
        this.terminal = terminal;
    }

    Result go(Path file, Expected expected) throws IOException, InterruptedException {
        Progress importing = progress(Stage.IMPORT);
        Rows rows = imported(file, expected.rows(), importing);
        double importSeconds = importing.finished(rows.read());

        Progress segmenting = progress(Stage.SEGMENT);
        JsonNode segment = segment(segmenting);
        double segmentSeconds = segmenting.finished(segment.path("members").asLong());

        Progress sending = progress(Stage.SEND);
        long campaign = sent(segment.path("id").asLong(), sending);
        double sendSeconds = sending.finished(counts(campaign).sent());

        Progress counting = progress(Stage.EVENTS);
        Counts counts = counted(campaign, counting);
        long events = events(campaign);
        double eventSeconds = counting.finished(events);
        return new Result(
                rows,
                counts,
                events,
                new Seconds(importSeconds, segmentSeconds, sendSeconds, eventSeconds));
    }

    private Progress progress(Stage stage) {
        return new Progress(out, terminal, System::nanoTime, stage);
    }

    private Rows imported(Path file, long total, Progress progress)
            throws IOException, InterruptedException {
        String path =
                "/api/v1/imports/"
                        + client.upload("/api/v1/imports", file, Map.of()).path("id").asLong();
        while (true) {
            JsonNode view = client.get(path);
            JsonNode rows = view.path("rows");
            switch (view.path("status").asString()) {
                case "COMPLETED" -> {
                    return new Rows(
                            rows.path("read").asLong(),
                            rows.path("created").asLong(),
                            rows.path("duplicate").asLong(),
                            rows.path("rejected").asLong());
                }
                case "PENDING", "RUNNING" -> progress.at(rows.path("read").asLong(), total);
                case String other -> throw new IOException("The import is " + other + ": " + view);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private JsonNode segment(Progress progress) throws IOException, InterruptedException {
        Map<String, ?> rule =
                Map.of(
                        "all",
                        List.of(
                                Map.of(
                                        "field",
                                        "attributes.plan",
                                        "op",
                                        "equals",
                                        "value",
                                        "pro")));
        long id =
                client.post("/api/v1/segments", Map.of("name", "On the pro plan", "rule", rule))
                        .path("id")
                        .asLong();
        while (true) {
            JsonNode view = client.get("/api/v1/segments/" + id);
            switch (view.path("status").asString()) {
                case "READY" -> {
                    return view;
                }
                case "BUILDING" -> progress.at(view.path("members").asLong(), 0);
                case String other -> throw new IOException("The segment is " + other + ": " + view);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private long sent(long segment, Progress progress) throws IOException, InterruptedException {
        long template =
                client.post(
                                "/api/v1/templates",
                                Map.of(
                                        "name", "News",
                                        "subject",
                                                "News for {{ contact.first_name | default: \"you\" }}",
                                        "html", HTML))
                        .path("id")
                        .asLong();
        long campaign =
                client.post(
                                "/api/v1/campaigns",
                                Map.of(
                                        "name", "News for pro",
                                        "subject",
                                                "News for {{ contact.first_name | default: \"you\" }}",
                                        "from", "MailGenius <news@example.com>",
                                        "templateId", template,
                                        "audience", Map.of("segmentId", segment)))
                        .path("id")
                        .asLong();
        client.post("/api/v1/campaigns/" + campaign + "/send", Map.of());
        while (true) {
            JsonNode view = client.get("/api/v1/campaigns/" + campaign);
            JsonNode counts = view.path("counts");
            switch (view.path("status").asString()) {
                case "SENT" -> {
                    return campaign;
                }
                case "SENDING" ->
                        progress.at(
                                counts.path("sent").asLong(), counts.path("recipients").asLong());
                case String other ->
                        throw new IOException("The campaign is " + other + ": " + view);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private Counts counts(long campaign) throws IOException, InterruptedException {
        JsonNode counts = client.get("/api/v1/campaigns/" + campaign).path("counts");
        return new Counts(
                counts.path("recipients").asLong(),
                counts.path("sent").asLong(),
                counts.path("failed").asLong(),
                counts.path("skipped").asLong(),
                counts.path("delivered").asLong(),
                counts.path("opened").asLong(),
                counts.path("clicked").asLong(),
                counts.path("bounced").asLong());
    }

    /** Waits until every mail has an outcome, every event is counted and the figures are stable. */
    private Counts counted(long campaign, Progress progress)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + COUNTED_WITHIN.toNanos();
        Counts before = counts(campaign);
        long changed = System.nanoTime();
        while (System.nanoTime() < deadline) {
            Thread.sleep(POLL_MILLIS);
            boolean current =
                    client.get("/api/v1/analytics/campaigns/" + campaign)
                            .path("current")
                            .asBoolean();
            Counts now = counts(campaign);
            if (!now.equals(before)) {
                before = now;
                changed = System.nanoTime();
            }
            progress.at(now.delivered() + now.bounced(), now.sent());
            if (current
                    && now.delivered() + now.bounced() >= now.sent()
                    && System.nanoTime() - changed > STILL.toNanos()) {
                return now;
            }
        }
        throw new IOException(
                "Not all events were counted within " + COUNTED_WITHIN + ": " + before);
    }

    /** The number of all events, including repeated opens. */
    private long events(long campaign) throws IOException, InterruptedException {
        JsonNode total =
                client.get("/api/v1/analytics/campaigns/" + campaign).path("series").path("total");
        long events = 0;
        for (String type : List.of("DELIVERED", "BOUNCED", "OPENED", "CLICKED", "COMPLAINED")) {
            events += total.path("byType").path(type).path("events").asLong();
        }
        return events;
    }
}
