package io.mailgenius.bench;

import io.mailgenius.api.client.Client;
import io.mailgenius.bench.load.HttpConnection;
import io.mailgenius.bench.load.Latencies;
import io.mailgenius.bench.load.QueryData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench query}: the latency of interactive requests with 100 concurrent clients. */
final class QueryBench implements AutoCloseable {

    static final long USUAL = 2_000_000;

    private static final String KEY = "mg_bench_0123456789abcdef";
    private static final long SMALL = 100_000;
    private static final int CLIENTS = 100;
    private static final double SECONDS = 5;
    private static final int MOST_ANSWERS = 50_000;

    private final EmbeddedNode embeddedNode;
    private final QueryData data;
    private final long campaign;

    private QueryBench(EmbeddedNode embeddedNode) throws IOException {
        this.embeddedNode = embeddedNode;
        this.data = new QueryData(embeddedNode.owner(), embeddedNode.workspace());
        this.campaign = data.campaign();
    }

    static int run(long contacts, Map<String, String> variables) throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        try (QueryBench bench =
                new QueryBench(
                        EmbeddedNode.start(
                                variables, Map.of("MAILGENIUS_BOOTSTRAP_API_KEY", KEY)))) {
            long small = Math.min(SMALL, contacts);
            bench.measured(0, small, figures);
            if (contacts > small) {
                bench.measured(small, contacts, figures);
            }
            figures.put("peakMegabytesOfNode", ProcessUsage.peakMegabytes());
        }
        System.out.println(JsonMapper.shared().writeValueAsString(figures));
        System.out.flush();
        return 0;
    }

    private void measured(long from, long to, Map<String, Object> figures) throws Exception {
        System.err.printf(Locale.ROOT, "Loading %,d contacts%n", to - from);
        data.contacts(from, to, campaign);
        long[] ids = data.ids();
        try (Client client = new Client(embeddedNode.node().url(), KEY)) {
            SampleQueries sampleQueries =
                    new SampleQueries(embeddedNode.node().url(), KEY, ids[0], ids[1], to, campaign);
            Map<String, Object> all = new LinkedHashMap<>();
            double cold = firstAnswers(sampleQueries, client);
            all.put("firstAnswersSeconds", cold);
            warm(sampleQueries);
            System.out.printf(
                    Locale.ROOT,
                    "%n%,d contacts; milliseconds%n  %33s %9s %9s %9s %11s%n",
                    to,
                    "1: p50",
                    CLIENTS + ": p50",
                    "p95",
                    "p99",
                    "per second");
            print(sampleQueries, "segment preview", "preview", sampleQueries.preview(), all);
            print(sampleQueries, "contact list", "list", sampleQueries.list(), all);
            print(sampleQueries, "search by address", "search", sampleQueries.search(), all);
            print(sampleQueries, "search for a part", "part", sampleQueries.part(), all);
            print(sampleQueries, "campaign report", "report", sampleQueries.report(), all);
            print(
                    sampleQueries,
                    "report, put together",
                    "reportAnew",
                    sampleQueries.reportAnew(),
                    all);
            figures.put(Long.toString(to), all);
        }
    }

    /** One client sends each rule until an index answers it. */
    private static double firstAnswers(SampleQueries sampleQueries, Client client)
            throws Exception {
        long begin = System.nanoTime();
        sampleQueries.prepare(client);
        return ImportBench.rounded((System.nanoTime() - begin) / 1e9);
    }

    /**
     * Warms up the JVM, so that a larger number of contacts is not compared with code that was not
     * compiled yet.
     */
    private static void warm(SampleQueries sampleQueries) throws Exception {
        for (SampleQueries.Question question :
                List.of(
                        sampleQueries.preview(),
                        sampleQueries.list(),
                        sampleQueries.search(),
                        sampleQueries.part(),
                        sampleQueries.report(),
                        sampleQueries.reportAnew())) {
            ask(sampleQueries, question, CLIENTS, SECONDS);
        }
    }

    private static void print(
            SampleQueries sampleQueries,
            String title,
            String name,
            SampleQueries.Question question,
            Map<String, Object> all)
            throws Exception {
        Latencies alone = ask(sampleQueries, question, 1, SECONDS / 3);
        Latencies latencies = ask(sampleQueries, question, CLIENTS, SECONDS);
        Map<String, Object> figures = latencies.figures();
        figures.put("aloneP50Millis", alone.percentile(50));
        all.put(name, figures);
        System.out.printf(
                Locale.ROOT,
                "  %-22s %9.1f %9.1f %9.1f %9.1f %,11d%n",
                title,
                alone.percentile(50),
                latencies.percentile(50),
                latencies.percentile(95),
                latencies.percentile(99),
                Math.round(latencies.sorted().length / latencies.seconds()));
    }

    /** Each client sends its next request when it has the response to the last. */
    private static Latencies ask(
            SampleQueries sampleQueries,
            SampleQueries.Question question,
            int clients,
            double seconds)
            throws Exception {
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        List<Future<List<Long>>> asking = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                Random random = new Random(i);
                asking.add(threads.submit(() -> answers(sampleQueries, question, random, end)));
            }
        }
        double took = (System.nanoTime() - begin) / 1e9;
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> client : asking) {
            all.addAll(client.get());
        }
        return Latencies.of(all.stream().mapToLong(Long::longValue).toArray(), took);
    }

    private static List<Long> answers(
            SampleQueries sampleQueries, SampleQueries.Question question, Random random, long end)
            throws IOException {
        List<Long> nanos = new ArrayList<>();
        try (HttpConnection httpConnection = new HttpConnection()) {
            for (long now = System.nanoTime();
                    now < end && nanos.size() < MOST_ANSWERS;
                    now = System.nanoTime()) {
                sampleQueries.ask(httpConnection, question, random);
                nanos.add(System.nanoTime() - now);
            }
        }
        return nanos;
    }

    @Override
    public void close() {
        embeddedNode.close();
    }
}
