package io.mailgenius.jobs.events.tracking;

import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.EventType;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.events.Receipt;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes events of what is in the journal, a few seconds after it came. A crash between the commit
 * and the end of a file makes the same events again, under the same ids, which are known by then.
 */
final class Hits {

    private static final Logger LOG = LoggerFactory.getLogger(Hits.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TOGETHER = 2_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Journal journal;
    private final Judgement judgement;
    private final Events events;
    private final Clock clock;
    private final Thread reader = Thread.ofPlatform().name("tracking").unstarted(this::readAll);
    private boolean stopping;

    Hits(Journal journal, Judgement judgement, Events events, Clock clock) {
        this.journal = journal;
        this.judgement = judgement;
        this.events = events;
        this.clock = clock;
    }

    void start() {
        reader.start();
    }

    private void readAll() {
        while (!isStopping()) {
            try {
                if (!forward(clock.instant().minus(Judgement.BURST))) {
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
     * @return whether there were some, and they are where they belong
     */
    private boolean forward(Instant until) throws IOException {
        List<Optional<Hit>> next = journal.peek(TOGETHER).stream().map(Hits::read).toList();
        List<Hit> all = next.stream().flatMap(Optional::stream).toList();
        int ripe = 0;
        while (ripe < next.size()
                && next.get(ripe).map(hit -> hit.at().isBefore(until)).orElse(true)) {
            ripe++;
        }
        if (ripe == 0) {
            return false;
        }
        List<Hit> judged = next.subList(0, ripe).stream().flatMap(Optional::stream).toList();
        Map<Hit, String> kinds = judgement.kinds(judged, all);
        List<Receipt> receipts =
                events.record(judged.stream().map(hit -> event(hit, kinds.get(hit))).toList());
        if (!receipts.stream().allMatch(Hits::isDone)) {
            return false; // all of them again, in a moment
        }
        journal.passed(ripe);
        return true;
    }

    /** What the database refuses by itself it would refuse again. */
    private static boolean isDone(Receipt receipt) {
        return receipt.settled() || receipt instanceof Receipt.Unreadable;
    }

    private static Optional<Hit> read(byte[] record) {
        try {
            return Optional.of(JSON.readValue(record, Hit.class));
        } catch (JacksonException ofAnotherVersion) {
            LOG.error("A record of the journal cannot be read and is passed by", ofAnotherVersion);
            return Optional.empty();
        }
    }

    /** Without the journal, and judged by itself. */
    boolean record(Hit hit) {
        try {
            String kind = judgement.kinds(List.of(hit), List.of(hit)).get(hit);
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
