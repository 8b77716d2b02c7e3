package io.mailgenius.jobs.providers.resend;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.mailgenius.jobs.providers.resend.RequestRate.Turn;
import java.time.Duration;

/**
 * Turns as tokens of a bucket that holds one at most. A bucket of N would let out N at once and N
 * more while it fills: twice the rate within one second. One that holds a single token spaces them,
 * so that no second sees more than N, wherever it is said to begin.
 */
final class SpacedSlots {

    /**
     * 1.5% more than a second for N turns: more than {@link RequestWindow} asks for, so that a
     * delay is made up for.
     */
    private static final long SECOND = 1_015_000_000L;

    private SpacedSlots() {}

    static Duration distance(int perSecond) {
        return Duration.ofNanos(SECOND / perSecond);
    }

    static Bandwidth apart(Duration distance, int atOnce) {
        return Bandwidth.builder()
                .capacity(1)
                .refillGreedy(1, distance)
                .initialTokens(atOnce)
                .build();
    }

    static BucketConfiguration configuration(Bandwidth turns) {
        return BucketConfiguration.builder().addLimit(turns).build();
    }

    /** Takes a token of the future if it is near enough: the bucket then owes it. */
    static Turn next(Bucket bucket, Duration patience) {
        long[] nanos = {0};
        try {
            if (bucket.asBlocking()
                    .tryConsume(1, Math.max(1, patience.toNanos()), wait -> nanos[0] = wait)) {
                return new Turn.Yours(Duration.ofNanos(nanos[0]));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nothing waits in here", e);
        }
        long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return new Turn.Later(Duration.ofNanos(Math.max(wait, patience.toNanos() + 1)));
    }
}
