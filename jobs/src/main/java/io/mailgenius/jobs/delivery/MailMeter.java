package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.jobs.delivery.SendCheckpoint.Reserved;
import io.mailgenius.jobs.delivery.SendCheckpoint.Started;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import io.mailgenius.schema.SendStatus;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts the mails of a chunk once, in the transaction that stores who is mailed: whatever attempt
 * sends them, they are counted already. What is certainly not sent is taken off again.
 */
@Component
final class MailMeter {

    private final WorkspaceLimits limits;
    private final SendCheckpoints checkpoints;
    private final TransactionTemplate transaction;

    MailMeter(
            WorkspaceLimits limits, SendCheckpoints checkpoints, TransactionTemplate transaction) {
        this.limits = limits;
        this.checkpoints = checkpoints;
        this.transaction = transaction;
    }

    /** The month's mails are used up. */
    static final class LimitReached extends BatchSender.Halted {

        private final long mails;

        private LimitReached(String reason, long mails) {
            super(reason, true, false);
            this.mails = mails;
        }

        /** So many have to be left before the chunk can go on. */
        long mails() {
            return mails;
        }
    }

    /**
     * Stores the plan of a chunk.
     *
     * @throws LimitReached if the workspace may not send so many; nothing is stored then
     */
    void start(Assignment chunk, Recipients audience, Started planned) {
        long mails = mails(audience, planned);
        transaction.executeWithoutResult(
                _ -> {
                    String reason = mails == 0 ? null : limits.takeMails(mails, planned.since());
                    if (reason != null) {
                        throw new LimitReached(reason, mails);
                    }
                    checkpoints.write(chunk, planned);
                });
    }

    /**
     * Stores the checkpoint of a chunk that has halted, and has reserved nothing of a campaign's
     * allowance.
     */
    void halted(Assignment chunk, Recipients audience, BatchSender.Halted halt) {
        SendCheckpoint before = checkpoints.of(chunk);
        SendCheckpoint after = before.after(halt);
        transaction.executeWithoutResult(
                _ -> {
                    startOver(audience, before, after);
                    checkpoints.write(chunk, after);
                });
    }

    /** Call it in the transaction that stores the checkpoint after. */
    void startOver(Recipients audience, SendCheckpoint before, SendCheckpoint after) {
        if (before instanceof Started started && after instanceof Reserved) {
            limits.giveBackMails(mails(audience, started), started.since());
        }
    }

    /** Mails that the provider has refused. Call it in the transaction that stores the outcome. */
    void refused(Assignment chunk, List<Send> outcome) {
        if (checkpoints.of(chunk) instanceof Started started) {
            limits.giveBackMails(
                    outcome.stream().filter(send -> send.status() == SendStatus.FAILED).count(),
                    started.since());
        }
    }

    private static long mails(Recipients audience, Started planned) {
        return audience.contacts().length - planned.skipped().size();
    }
}
