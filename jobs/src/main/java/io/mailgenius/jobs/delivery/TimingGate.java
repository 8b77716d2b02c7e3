package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.Deferred;
import io.mailgenius.jobs.campaigns.Reservation;
import io.mailgenius.jobs.campaigns.SendPacing;
import io.mailgenius.jobs.campaigns.SendPermission;
import io.mailgenius.jobs.campaigns.SendWindow;
import io.mailgenius.jobs.campaigns.Timing;
import io.mailgenius.jobs.delivery.SendCheckpoint.Reserved;
import io.mailgenius.jobs.delivery.SendCheckpoint.Started;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Defers a chunk until its campaign's timing allows it. The timing is checked before the plan is
 * made, since a planned chunk has less than a day. A planned chunk ignores the window, and keeps to
 * the rate.
 */
@Component
final class TimingGate {

    private final MailRendererCache letters;
    private final SendPacing sendPacing;
    private final SendCheckpoints checkpoints;
    private final MailMeter meter;
    private final TransactionTemplate transaction;
    private final Clock clock;

    TimingGate(
            MailRendererCache letters,
            SendPacing sendPacing,
            SendCheckpoints checkpoints,
            MailMeter meter,
            TransactionTemplate transaction,
            Clock clock) {
        this.letters = letters;
        this.sendPacing = sendPacing;
        this.checkpoints = checkpoints;
        this.meter = meter;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Returns if the chunk may be sent now.
     *
     * @throws Deferred until it may
     */
    void pass(Assignment chunk, Recipients audience) {
        Timing timing = letters.of(audience.campaignId()).campaign().timing();
        SendWindow window = timing.window();
        if (window == null && !timing.needsPermits()) {
            return;
        }
        SendCheckpoint before = checkpoints.of(chunk);
        if (window != null && before instanceof Reserved) {
            Instant now = clock.instant();
            requireReached(window.opens(now, audience.zone()), now, "outside of its window");
        }
        if (timing.needsPermits()) {
            pace(chunk, audience, timing, before);
        }
    }

    private void pace(Assignment chunk, Recipients audience, Timing timing, SendCheckpoint before) {
        SendPermission permission =
                Objects.requireNonNull(
                        transaction.execute(
                                status -> {
                                    SendPermission answer =
                                            sendPacing.take(
                                                    audience.campaignId(),
                                                    timing,
                                                    audience.contacts().length,
                                                    audience.zone(),
                                                    before.reservation(),
                                                    before instanceof Started);
                                    if (!answer.permit().equals(before.reservation())) {
                                        checkpoints.write(chunk, before.with(answer.permit()));
                                    }
                                    return answer;
                                }));
        switch (permission) {
            case SendPermission.Granted _ -> {}
            case SendPermission.Wait(Instant until, Reservation _, String reason) ->
                    requireReached(until, clock.instant(), reason);
        }
    }

    /**
     * Called when the chunk has paused its campaign. If certainly nothing of it was accepted, the
     * chunk starts over, and gives back what it has reserved.
     */
    void halted(Assignment chunk, Recipients audience, BatchSender.Halted halt) {
        Timing timing = letters.of(audience.campaignId()).campaign().timing();
        SendCheckpoint before = checkpoints.of(chunk);
        SendCheckpoint after = before.after(halt);
        if (after.equals(before)) {
            return;
        }
        transaction.executeWithoutResult(
                status -> {
                    if (timing.needsPermits() && after instanceof Reserved) {
                        sendPacing.giveBack(
                                audience.campaignId(),
                                timing,
                                audience.contacts().length,
                                before.reservation());
                    }
                    meter.startOver(audience, before, after);
                    checkpoints.write(chunk, after);
                });
    }

    private static void requireReached(Instant moment, Instant now, @Nullable String reason) {
        if (moment.isAfter(now)) {
            throw new Deferred(
                    Duration.between(now, moment), "%s until %s".formatted(reason, moment));
        }
    }
}
