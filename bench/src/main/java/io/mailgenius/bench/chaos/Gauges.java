package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.CampaignCensus;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.springframework.dao.DataAccessException;

/** Samples four times a second what may grow too much, and keeps the maximum. */
final class Gauges implements AutoCloseable {

    private static final long GLANCE = 250_000_000L;

    private final CampaignCensus census;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger idleInTransaction = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().daemon().name("gauges").start(this::run);
    private volatile boolean ended;

    Gauges(CampaignCensus census) {
        this.census = census;
    }

    private void run() {
        while (!ended) {
            try {
                connections.accumulateAndGet(census.connections(), Math::max);
                idleInTransaction.accumulateAndGet(census.idleInTransaction(), Math::max);
            } catch (DataAccessException away) {
                // No client is connected then.
            }
            LockSupport.parkNanos(GLANCE);
        }
    }

    void tell(Map<String, Object> figures, Members members) throws IOException {
        figures.put("peakConnections", connections.get());
        figures.put("peakIdleInTransaction", idleInTransaction.get());
        long peak = 0;
        for (Member node : members.all()) {
            peak = Math.max(peak, node.peakMegabytes());
        }
        figures.put("peakMegabytesOfNode", peak);
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        thread.join();
    }
}
