package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.NumberedRequests;
import io.mailgenius.bench.load.OpenLoop;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A load that was sent to whichever node was up, and its cost. */
record Sending(OpenLoop loop, long total, Cpu cpu) {

    private static final int CONNECTIONS = 256;
    private static final long POLL_MILLIS = 50;

    /** Called when half of the load is accepted. */
    interface Midway {
        void happens() throws IOException, InterruptedException;
    }

    static Sending of(
            NumberedRequests requests,
            long total,
            long perSecond,
            Servers servers,
            Members members,
            Midway midway)
            throws IOException, InterruptedException {
        Cpu before = Cpu.now(servers.database(), members);
        try (OpenLoop loop = new OpenLoop(requests, total, perSecond, () -> url(members))) {
            loop.start(CONNECTIONS);
            long told = System.nanoTime();
            boolean happened = false;
            while (!loop.done()) {
                Thread.sleep(POLL_MILLIS);
                if (!happened && loop.taken() > total / 2) {
                    happened = true;
                    midway.happens();
                }
                if (System.nanoTime() - told > 5_000_000_000L) {
                    told = System.nanoTime();
                    System.err.printf(
                            Locale.ROOT,
                            "%,9d of %,d taken, %,d sendings%n",
                            loop.taken(),
                            total,
                            loop.attempts());
                }
            }
            return new Sending(loop, total, Cpu.now(servers.database(), members).minus(before));
        }
    }

    private static @Nullable URI url(Members members) {
        return members.all().stream().filter(Member::up).map(Member::url).findAny().orElse(null);
    }

    void tell(Map<String, Object> figures) {
        figures.put("attempts", loop.attempts());
        figures.put("p50Millis", loop.latency(0.5));
        figures.put("p95Millis", loop.latency(0.95));
        figures.put("p99Millis", loop.latency(0.99));
        figures.put("cpuSecondsOfNode", WebhookRun.rounded(cpu.node()));
        figures.put("cpuSecondsOfPostgres", WebhookRun.rounded(cpu.postgres()));
        figures.put("cpuSecondsOfSender", WebhookRun.rounded(cpu.sender()));
    }
}
