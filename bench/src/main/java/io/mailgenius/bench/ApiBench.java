package io.mailgenius.bench;

import io.mailgenius.api.client.Client;
import io.mailgenius.bench.load.ApiCredentials;
import io.mailgenius.bench.load.OpenLoop;
import io.mailgenius.bench.load.QueryData;
import io.mailgenius.bench.load.ReadMix;
import io.mailgenius.bench.load.ReadMix.Credential;
import io.mailgenius.bench.load.SignInStorm;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongPredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code bench api}: the latency of mixed reads at a fixed rate, by endpoint and by credential; and
 * the same while strangers try to sign in as fast as they can.
 */
final class ApiBench {

    private static final String KEY = "mg_bench_0123456789abcdef";
    private static final long CONTACTS = 2_000_000;
    private static final long RATE = 1_000;
    private static final long SECONDS = 60;
    private static final int AIM_MILLIS = 50;
    private static final int CREDENTIALS = 10;
    private static final int CONNECTIONS = 200;
    private static final int IMPORTS = 3;
    private static final long ROWS = 1_000;
    private static final int CAMPAIGNS = 60;

    private final EmbeddedNode embeddedNode;
    private final URI url;
    private final long rate;
    private final long seconds;
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private ApiBench(EmbeddedNode embeddedNode, long rate, long seconds) {
        this.embeddedNode = embeddedNode;
        this.url = embeddedNode.node().url();
        this.rate = rate;
        this.seconds = seconds;
    }

    static int run(BenchOptions options, Map<String, String> variables) throws Exception {
        long contacts = options.number("--contacts=", CONTACTS, 1_000, Bench.MOST);
        long rate = options.number("--rate=", RATE, 1, 20_000);
        long seconds = options.number("--seconds=", SECONDS, 1, 400);
        options.nothingElse();
        try (EmbeddedNode node =
                EmbeddedNode.start(variables, Map.of("MAILGENIUS_BOOTSTRAP_API_KEY", KEY))) {
            ApiBench bench = new ApiBench(node, rate, seconds);
            bench.measure(contacts);
            System.out.println(JsonMapper.shared().writeValueAsString(bench.figures));
            System.out.flush();
        }
        return 0;
    }

    private void measure(long contacts) throws Exception {
        figures.put("contacts", contacts);
        figures.put("ratePerSecond", rate);
        figures.put("aimP95Millis", AIM_MILLIS);
        ReadMix.Subjects subjects = subjects(contacts);
        phase("warmUp", subjects, Math.max(15, seconds / 3));
        phase("alone", subjects, seconds);
        try (SignInStorm storm = SignInStorm.begin(url)) {
            phase("besideSignIns", subjects, seconds);
            figures.put("signIns", storm.figures());
        }
        figures.put("peakMegabytesOfNode", ProcessUsage.peakMegabytes());
    }

    /** Loads what is read, and waits until the index for searches answers. */
    private ReadMix.Subjects subjects(long contacts) throws Exception {
        System.err.printf(Locale.ROOT, "Loading %,d contacts%n", contacts);
        QueryData data = new QueryData(embeddedNode.owner(), embeddedNode.workspace());
        long campaign = data.campaign();
        for (int n = 1; n < CAMPAIGNS; n++) {
            data.campaign();
        }
        data.contacts(0, contacts, campaign);
        long[] ids = data.ids();
        Path file = embeddedNode.contacts("contacts.csv", ROWS);
        for (int n = 0; n < IMPORTS; n++) {
            embeddedNode.imported(file);
        }
        try (Client client = new Client(url, KEY)) {
            new SampleQueries(url, KEY, ids[0], ids[1], contacts, campaign).prepare(client);
            JsonNode segment =
                    client.post(
                            "/api/v1/segments",
                            Map.of(
                                    "name",
                                    "bench",
                                    "rule",
                                    Map.of(
                                            "field",
                                            "attributes.plan",
                                            "op",
                                            "equals",
                                            "value",
                                            "pro")));
            JsonNode jobs = client.get("/api/v1/jobs");
            return new ReadMix.Subjects(
                    ids[0],
                    ids[1],
                    contacts,
                    campaign,
                    segment.path("id").asLong(),
                    jobs.path("items").path(0).path("executionId").asLong());
        }
    }

    /** With tokens of its own, which expire within minutes. */
    private void phase(String name, ReadMix.Subjects subjects, long forSeconds) throws Exception {
        System.err.printf(
                Locale.ROOT, "%s: %,d reads a second for %,d s%n", name, rate, forSeconds);
        ReadMix mix = new ReadMix(ApiCredentials.make(url, KEY, CREDENTIALS), subjects);
        double cpu = ProcessUsage.cpuSeconds();
        long begin = System.nanoTime();
        try (OpenLoop loop = new OpenLoop(mix, forSeconds * rate, rate, () -> url)) {
            loop.start(CONNECTIONS);
            EmbeddedNode.await(loop::done);
            Map<String, Object> phase = new LinkedHashMap<>();
            phase.put("reads", loop.taken());
            phase.put("repeated", loop.attempts() - loop.taken());
            phase.put("refused", mix.refused());
            phase.put("perSecond", Math.round(loop.taken() / loop.seconds()));
            phase.put(
                    "coresOfNodeAndClient",
                    ImportBench.rounded(
                            (ProcessUsage.cpuSeconds() - cpu)
                                    / ((System.nanoTime() - begin) / 1e9)));
            System.out.printf(
                    Locale.ROOT,
                    "%n%s; milliseconds from when a read was due%n  %-20s %9s %9s %9s%n",
                    name,
                    "",
                    "p50",
                    "p95",
                    "p99");
            phase.put("all", percentiles("all", loop, _ -> true));
            for (Credential credential : Credential.values()) {
                String word = credential.name().toLowerCase(Locale.ROOT);
                phase.put(
                        word,
                        percentiles(word, loop, number -> mix.credential(number) == credential));
            }
            for (String read : mix.names()) {
                phase.put(read, percentiles(read, loop, number -> mix.name(number).equals(read)));
            }
            figures.put(name, phase);
        }
    }

    private static Map<String, Double> percentiles(
            String what, OpenLoop loop, LongPredicate which) {
        Map<String, Double> percentiles = new LinkedHashMap<>();
        for (int percent : List.of(50, 95, 99)) {
            percentiles.put(
                    "p" + percent + "Millis",
                    Math.round(loop.latency(percent / 100.0, which) * 10) / 10.0);
        }
        System.out.printf(
                Locale.ROOT,
                "  %-20s %9.1f %9.1f %9.1f%n",
                what,
                percentiles.get("p50Millis"),
                percentiles.get("p95Millis"),
                percentiles.get("p99Millis"));
        return percentiles;
    }
}
