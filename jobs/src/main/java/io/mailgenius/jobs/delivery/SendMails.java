package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Deferred;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * The worker's half of sending: sends a chunk, then stores a row per recipient and the chunk's end
 * in one commit.
 */
@Component
final class SendMails implements ChunkWork {

    private static final Duration UNTIL_STOPPED = Duration.ofSeconds(2);

    /** The series of a campaign's first sending. */
    private static final String SERIES = "";

    private final CampaignLifecycle lifecycle;
    private final TimingGate gate;
    private final SendChunk sendChunk;
    private final SendStore sends;
    private final MailMeter meter;
    private final Clock clock;

    SendMails(
            CampaignLifecycle lifecycle,
            TimingGate gate,
            SendChunk sendChunk,
            SendStore sends,
            MailMeter meter,
            Clock clock) {
        this.lifecycle = lifecycle;
        this.gate = gate;
        this.sendChunk = sendChunk;
        this.sends = sends;
        this.meter = meter;
        this.clock = clock;
    }

    @Override
    public String step() {
        return Campaigns.SEND_STEP;
    }

    @Override
    public ChunkDone work(Assignment chunk) {
        Recipients audience = chunk.payload(Recipients.class);
        gate.pass(chunk, audience);
        List<Send> outcome;
        try {
            outcome = sendChunk.mail(chunk, audience, SERIES, Map::of);
        } catch (BatchSender.Halted e) {
            gate.halted(chunk, audience, e);
            String reason = String.valueOf(e.getMessage());
            if (e instanceof MailMeter.LimitReached limit) {
                lifecycle.haltAtLimit(audience.campaignId(), reason, limit.mails());
            } else {
                lifecycle.halt(audience.campaignId(), reason);
            }
            throw new Deferred(UNTIL_STOPPED, reason);
        }
        return chunk.complete(
                () -> {
                    sends.insert(
                            chunk.workspaceId(), audience.campaignId(), outcome, clock.instant());
                    meter.refused(chunk, outcome);
                    return counts(outcome.stream().map(Send::status).toList());
                });
    }

    static ChunkCounts counts(List<SendStatus> outcomes) {
        Map<String, Long> counts = new HashMap<>();
        for (SendStatus outcome : outcomes) {
            String name =
                    switch (outcome) {
                        case SENT -> "sent";
                        case FAILED -> "failed";
                        case SKIPPED -> "skipped";
                        case UNKNOWN -> "unknown";
                    };
            counts.merge(name, 1L, Long::sum);
        }
        return new ChunkCounts(counts);
    }
}
