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
 * Turns the records of the journal into events after a few seconds. After a crash between commit
 * and acknowledgement, the same events are stored again under the same ids and are duplicates. A
 * record that can never be stored is moved to a file of refused records, so that it does not block
 * the others.
 */
final class ClickIngest {

    private static final Logger LOG = LoggerFactory.getLogger(ClickIngest.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int BATCH = 2_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Journal journal;
    private final BotClassifier botClassifier;
    private final RepeatedHits repeatedHits;
    private final Events events;
    private final Clock clock;
    private final MeterRegistry meters;
    private final RefusedHits refusedHits = new RefusedHits();
    private final Thread reader = Thread.ofPlatform().name("tracking").unstarted(this::readAll);
    private boolean stopping;

    ClickIngest(
            Journal journal,
            BotClassifier botClassifier,
            RepeatedHits repeatedHits,
            Events events,
            Clock clock,
            MeterRegistry meters) {
        this.journal = journal;
        this.botClassifier = botClassifier;
        this.repeatedHits = repeatedHits;
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
                if (!process(clock.instant().minus(Bots.BURST))) {
                    pause();
                }
            } catch (IOException | RuntimeException later) {
                LOG.warn("Hits stay in the journal and are retried: {}", later.toString());
                pause();
            }
        }
        try {
            boolean more = true;
            while (more) {
                more = process(Instant.MAX);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Hits stay in the journal until the next start: {}", e.toString());
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
        } catch (InterruptedException interrupted) {
            stopping = true;
        }
    }

    /**
     * @param until later hits wait for further hits of the same visitor
     * @return whether more hits can be processed without waiting
     */
    private boolean process(Instant until) throws IOException {
        List<JournalRecord> next = journal.peek(BATCH).stream().map(JournalRecord::read).toList();
        List<JournalRecord> due = next.stream().takeWhile(entry -> entry.isDue(until)).toList();
        if (due.isEmpty()) {
            return false;
        }
        List<Hit> classified = hits(due);
        Map<Hit, String> kinds = botClassifier.kinds(classified, hits(next));
        List<Hit> stored = repeatedHits.withinBound(classified, hit -> type(hit, kinds.get(hit)));
        List<Receipt> receipts =
                events.record(stored.stream().map(hit -> event(hit, kinds.get(hit))).toList());
        Set<String> refused = refusedHits.of(stored, receipts);
        if (!isDone(stored, receipts, refused)) {
            return false; // all of them are retried after a pause
        }
        countRepeated(classified.size() - stored.size());
        for (JournalRecord entry : due) {
            if (entry.hit().map(hit -> refused.contains(hit.id())).orElse(true)) {
                // A crash here may move the record twice; the second copy becomes a duplicate.
                journal.moveToRefused(entry.record());
                meters.counter("mailgenius.tracking.hits", "outcome", "refused").increment();
            }
        }
        refusedHits.forget();
        journal.acknowledge(due.size());
        // A partial batch means that only few hits have become due since, which do not justify a
        // commit.
        return due.size() == next.size();
    }

    private static List<Hit> hits(List<JournalRecord> entry) {
        return entry.stream().map(JournalRecord::hit).flatMap(Optional::stream).toList();
    }

    private static boolean isDone(List<Hit> hits, List<Receipt> receipts, Set<String> refused) {
        return IntStream.range(0, hits.size())
                .allMatch(n -> receipts.get(n).settled() || refused.contains(hits.get(n).id()));
    }

    /**
     * A record of the journal.
     *
     * @param hit empty if it cannot be parsed, for example because another version wrote it
     */
    private record JournalRecord(byte[] record, Optional<Hit> hit) {

        static JournalRecord read(byte[] record) {
            try {
                return new JournalRecord(record, Optional.of(JSON.readValue(record, Hit.class)));
            } catch (JacksonException e) {
                LOG.error("A record of the journal cannot be parsed", e);
                return new JournalRecord(record, Optional.empty());
            }
        }

        boolean isDue(Instant until) {
            return hit.map(it -> it.at().isBefore(until)).orElse(true);
        }
    }

    /** Bypasses the journal; the hit is classified on its own. */
    boolean record(Hit hit) {
        try {
            String kind = botClassifier.kinds(List.of(hit), List.of(hit)).get(hit);
            if (repeatedHits.withinBound(List.of(hit), _ -> type(hit, kind)).isEmpty()) {
                countRepeated(1);
                return true;
            }
            return events.record(event(hit, kind)).settled();
        } catch (RuntimeException databaseDown) {
            return false;
        }
    }

    private void countRepeated(int hits) {
        if (hits > 0) {
            meters.counter("mailgenius.tracking.hits", "outcome", "repeated").increment(hits);
        }
    }

    private static EventType type(Hit hit, @Nullable String machine) {
        return hit.isClick()
                ? machine == null ? EventType.CLICKED : EventType.MACHINE_CLICKED
                : machine == null ? EventType.OPENED : EventType.MACHINE_OPENED;
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
        return new Event(
                hit.workspaceId(),
                hit.at(),
                hit.campaignId(),
                hit.contactId(),
                type(hit, machine).name(),
                hit.id(),
                null,
                detail.toString(),
                null);
    }

    /** Processes the rest of the journal without waiting, if the database is available. */
    void stop() {
        synchronized (this) {
            stopping = true;
            notifyAll();
        }
        try {
            reader.join();
            journal.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException unclosed) {
            LOG.warn("The journal could not be closed: {}", unclosed.toString());
        }
    }
}
