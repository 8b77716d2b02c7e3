package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkDone;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Deferred;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Both halves of the job that sends mails without an outcome again. Its keys contain the decision,
 * so the provider takes the mails as new ones, and a repetition after a crash as the same ones.
 * Rows stay UNKNOWN until the chunk is done: if the job ends early, they can be decided again.
 */
@Component
final class SendAgain implements ChunkedStep<SendAgain.Chunk>, ChunkWork {

    static final String JOB = "campaign-again";
    static final String STEP = "campaign.again";

    private static final int AT_ONCE = 1_000;
    private static final Duration UNTIL_STOPPED = Duration.ofSeconds(2);

    private final CampaignLifecycle lifecycle;
    private final UnknownSends unknownSends;
    private final SendChunk sendChunk;
    private final MailMeter meter;
    private final UnknownStore unknown;
    private final DecisionStore decisions;
    private final TransactionTemplate transaction;
    private final Clock clock;

    SendAgain(
            CampaignLifecycle lifecycle,
            UnknownSends unknownSends,
            SendChunk sendChunk,
            MailMeter meter,
            UnknownStore unknown,
            DecisionStore decisions,
            TransactionTemplate transaction,
            Clock clock) {
        this.lifecycle = lifecycle;
        this.unknownSends = unknownSends;
        this.sendChunk = sendChunk;
        this.meter = meter;
        this.unknown = unknown;
        this.decisions = decisions;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Contacts of a decision. */
    record Chunk(long decisionId, Recipients recipients) {}

    @Override
    public String name() {
        return STEP;
    }

    @Override
    public String step() {
        return STEP;
    }

    @Override
    public List<?> partitions(JobParameters parameters) {
        return List.of("the decision's contacts");
    }

    @Override
    public ItemStreamReader<Chunk> chunks(JobParameters parameters, Partition partition) {
        long campaign = AudiencePartitions.campaignId(parameters);
        long decision = Long.parseLong(Objects.requireNonNull(parameters.getString("decisionId")));
        return new Contacts(campaign, decision);
    }

    /** A decision does not change, so every enumeration finds the same contacts. */
    private final class Contacts implements ItemStreamReader<Chunk> {

        private final long campaign;
        private final long decision;
        private long after;

        private Contacts(long campaign, long decision) {
            this.campaign = campaign;
            this.decision = decision;
        }

        @Override
        public void open(ExecutionContext context) {
            after = context.getLong("after", 0);
        }

        @Override
        public @Nullable Chunk read() {
            long[] contacts = decisions.contacts(decision, after, AT_ONCE);
            if (contacts.length == 0) {
                return null;
            }
            after = contacts[contacts.length - 1];
            return new Chunk(decision, new Recipients(campaign, contacts));
        }

        @Override
        public void update(ExecutionContext context) {
            context.putLong("after", after);
        }
    }

    /** Progress is measured in recipients. */
    @Override
    public long items(Chunk chunk) {
        return chunk.recipients().contacts().length;
    }

    @Override
    public ChunkDone work(Assignment assignment) {
        Chunk chunk = assignment.payload(Chunk.class);
        long campaign = chunk.recipients().campaignId();
        List<Send> outcome;
        try {
            outcome =
                    sendChunk.mail(
                            assignment,
                            chunk.recipients(),
                            "-again-" + chunk.decisionId(),
                            () -> settled(chunk));
        } catch (BatchSender.Halted e) {
            meter.halted(assignment, chunk.recipients(), e);
            unknownSends.halt(chunk.decisionId(), String.valueOf(e.getMessage()));
            throw new Deferred(UNTIL_STOPPED, String.valueOf(e.getMessage()));
        }
        return assignment.complete(
                () -> {
                    List<SendStatus> statuses =
                            unknown.settle(campaign, chunk.decisionId(), outcome, clock.instant());
                    meter.refused(assignment, outcome);
                    lifecycle.settled(
                            campaign,
                            Collections.frequency(statuses, SendStatus.SENT),
                            Collections.frequency(statuses, SendStatus.FAILED),
                            Collections.frequency(statuses, SendStatus.SKIPPED));
                    return SendMails.counts(statuses);
                });
    }

    /** Mails that an event has settled between the decision and the plan. */
    private Map<Long, String> settled(Chunk chunk) {
        long[] contacts = chunk.recipients().contacts();
        Set<Long> waiting =
                Objects.requireNonNull(
                        transaction.execute(
                                _ ->
                                        unknown.waiting(
                                                chunk.recipients().campaignId(),
                                                chunk.decisionId(),
                                                contacts)));
        Map<Long, String> settled = new HashMap<>();
        for (long contact : contacts) {
            if (!waiting.contains(contact)) {
                settled.put(contact, "settled before it was sent again");
            }
        }
        return settled;
    }
}
