package io.mailgenius.jobs.providers.resend;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.function.IntSupplier;

/** What one node allows itself while nobody can be asked: its part of the rate. */
final class LocalRequestRate implements RequestRate {

    private final int perSecond;
    private final IntSupplier nodes;
    private final TimeMeter clock;
    private final Bucket bucket;
    private int sharedBy = 1;
    private long heldUntil;

    LocalRequestRate(int perSecond, IntSupplier nodes, TimeMeter clock) {
        this.perSecond = perSecond;
        this.nodes = nodes;
        this.clock = clock;
        this.heldUntil = clock.currentTimeNanos();
        this.bucket =
                Bucket.builder()
                        .addLimit(SpacedSlots.apart(SpacedSlots.distance(perSecond), 1))
                        .withCustomTimePrecision(clock)
                        .build();
    }

    @Override
    public synchronized Turn next(Duration patience) {
        int now = Math.max(1, nodes.getAsInt());
        if (now != sharedBy) {
            Duration distance = SpacedSlots.distance(perSecond).multipliedBy(now);
            bucket.replaceConfiguration(
                    SpacedSlots.configuration(SpacedSlots.apart(distance, 0)),
                    TokensInheritanceStrategy.AS_IS);
            sharedBy = now;
        }
        long held = heldUntil - clock.currentTimeNanos();
        return held > 0
                ? new Turn.Later(Duration.ofNanos(held))
                : SpacedSlots.next(bucket, patience);
    }

    /** A bucket of one node's own: nobody else's turn can come close. */
    @Override
    public Leave leave() {
        return Leave.UNCOUNTED;
    }

    @Override
    public synchronized void hold(Duration pause) {
        heldUntil = Math.max(heldUntil, clock.currentTimeNanos() + pause.toNanos());
    }
}
