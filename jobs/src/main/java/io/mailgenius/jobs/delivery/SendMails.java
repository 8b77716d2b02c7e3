package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.ledger.Counts;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Done;
import io.mailgenius.engine.worker.Postponed;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The worker's half of a send: mails a chunk, then writes a row per recipient and the chunk's DONE
 * in one commit.
 */
final class SendMails implements ChunkWork {

    private static final Duration UNTIL_STOPPED = Duration.ofSeconds(2);

    /** Of a campaign's own sending, whose keys begin with nothing but the campaign's. */
    private static final String SERIES = "";

    private final Campaigns campaigns;
    private final Gate gate;
    private final Mailing mailing;
    private final SendStore sends;
    private final Clock clock;

    SendMails(Campaigns campaigns, Gate gate, Mailing mailing, SendStore sends, Clock clock) {
        this.campaigns = campaigns;
        this.gate = gate;
        this.mailing = mailing;
        this.sends = sends;
        this.clock = clock;
    }

    @Override
    public String step() {
        return Campaigns.SEND_STEP;
    }

    @Override
    public Done work(Assignment chunk) {
        Recipients audience = chunk.payload(Recipients.class);
        gate.pass(chunk, audience);
        List<Send> outcome;
        try {
            outcome = mailing.mail(chunk, audience, SERIES, Map::of);
        } catch (Postings.Halted e) {
            gate.halted(chunk, audience, e);
            campaigns.halt(audience.campaignId(), String.valueOf(e.getMessage()));
            throw new Postponed(UNTIL_STOPPED, String.valueOf(e.getMessage()));
        }
        return chunk.complete(
                () -> {
                    sends.insert(
                            chunk.workspaceId(), audience.campaignId(), outcome, clock.instant());
                    return counts(outcome.stream().map(Send::status).toList());
                });
    }

    static Counts counts(List<SendStatus> outcomes) {
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
        return new Counts(counts);
    }
}
