package io.mailgenius.jobs.events.tracking;

import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.EventType;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.Receipt;
import io.mailgenius.jobs.events.bots.Bots;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes events of what is in the journal, a few seconds after it came. A crash between the commit
 * and the end of a file makes the same events again, under the same ids, which are known by then.
 * What never becomes an event is set aside, so that the rest goes on.
 */
final class ClickIngest {

    private static final Logger LOG = LoggerFactory.getLogger(ClickIngest.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TOGETHER = 2_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Journal journal;
    private final BotClassifier botClassifier;
    private final Events events;
    private final Clock clock;
    private final MeterRegistry meters;
    private final RefusedHits refusedHits = new RefusedHits();
    private final Thread reader = Thread.ofPlatform().name("tracking").unstarted(this::readAll);
    private boolean stopping;

    ClickIngest(
            Journal journal,
            BotClassifier botClassifier,
            Events events,
            Clock clock,
            MeterRegistry meters) {
        this.journal = journal;
        this.botClassifier = botClassifier;
        this.events = events;
        this.clock = clock;
        this.meters = meters;
    }

    void start() {
        reader.start();
    }

    private void readAll() {
        while (!isStopping()) {
            try {
                if (!forward(clock.instant().minus(Bots.BURST))) {
                    pause();
                }
            } catch (IOException | RuntimeException later) {
                LOG.warn("Hits wait in the journal: {}", later.toString());
                pause();
            }
        }
        try {
            boolean more = true;
            while (more) {
                more = forward(Instant.MAX);
            }
        } catch (IOException | RuntimeException nextStart) {
            LOG.warn("Hits stay in the journal until the next start: {}", nextStart.toString());
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized void pause() {
        try {
            if (!stopping) {
                wait(PAUSE.toMillis());
            }
        } catch (InterruptedException hurried) {
            stopping = true;
        }
    }

    /**
     * @param until hits of later ones wait for what else their visitor does
     * @return whether there may be more that need not wait
     */
    private boolean forward(Instant until) throws IOException {
        List<Lying> next = journal.peek(TOGETHER).stream().map(Lying::read).toList();
        List<Lying> ripe = next.stream().takeWhile(lying -> lying.isRipe(until)).toList();
        if (ripe.isEmpty()) {
            return false;
        }
        List<Hit> judged = hits(ripe);
        Map<Hit, String> kinds = botClassifier.kinds(judged, hits(next));
        List<Receipt> receipts =
                events.record(judged.stream().map(hit -> event(hit, kinds.get(hit))).toList());
        Set<String> refused = refusedHits.of(judged, receipts);
        if (!isDone(judged, receipts, refused)) {
            return false; // all of them again, in a moment
        }
        for (Lying lying : ripe) {
            if (lying.hit().map(hit -> refused.contains(hit.id())).orElse(true)) {
                // Once more after a crash here: of what is set aside twice one is a duplicate.
                journal.setAside(lying.record());
                meters.counter("mailgenius.tracking.hits", "outcome", "refused").increment();
            }
        }
        refusedHits.forget();
        journal.passed(ripe.size());
        // As few as became ripe since are not worth a commit each.
        return ripe.size() == next.size();
    }

    private static List<Hit> hits(List<Lying> lying) {
        return lying.stream().map(Lying::hit).flatMap(Optional::stream).toList();
    }

    private static boolean isDone(List<Hit> hits, List<Receipt> receipts, Set<String> refused) {
        return IntStream.range(0, hits.size())
                .allMatch(n -> receipts.get(n).settled() || refused.contains(hits.get(n).id()));
    }

    /**
     * A record of the journal.
     *
     * @param hit nothing if it cannot be read, as one of another version may be
     */
    private record Lying(byte[] record, Optional<Hit> hit) {

        static Lying read(byte[] record) {
            try {
                return new Lying(record, Optional.of(JSON.readValue(record, Hit.class)));
            } catch (JacksonException ofAnotherVersion) {
                LOG.error("A record of the journal cannot be read", ofAnotherVersion);
                return new Lying(record, Optional.empty());
            }
        }

        boolean isRipe(Instant until) {
            return hit.map(it -> it.at().isBefore(until)).orElse(true);
        }
    }

    /** Without the journal, and judged by itself. */
    boolean record(Hit hit) {
        try {
            String kind = botClassifier.kinds(List.of(hit), List.of(hit)).get(hit);
            return events.record(event(hit, kind)).settled();
        } catch (RuntimeException databaseIsAway) {
            return false;
        }
    }

    private static Event event(Hit hit, @Nullable String machine) {
        ObjectNode detail = JSON.createObjectNode();
        if (hit.isClick()) {
            detail.put("link", hit.link()).put("url", hit.url());
        }
        detail.put("userAgent", hit.agent()).put("ip", hit.ip());
        if (machine != null) {
            detail.put("machine", machine);
        }
        EventType type =
                hit.isClick()
                        ? machine == null ? EventType.CLICKED : EventType.MACHINE_CLICKED
                        : machine == null ? EventType.OPENED : EventType.MACHINE_OPENED;
        return new Event(
                hit.workspaceId(),
                hit.at(),
                hit.campaignId(),
                hit.contactId(),
                type.name(),
                hit.id(),
                null,
                detail.toString(),
                null);
    }

    /** What is in the journal becomes events without waiting, as far as the database is there. */
    void stop() {
        synchronized (this) {
            stopping = true;
            notifyAll();
        }
        try {
            reader.join();
            journal.close();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (IOException unclosed) {
            LOG.warn("The journal is not closed: {}", unclosed.toString());
        }
    }
}
