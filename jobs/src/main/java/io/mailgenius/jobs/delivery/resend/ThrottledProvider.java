package io.mailgenius.jobs.delivery.resend;

import io.mailgenius.jobs.delivery.Batch;
import io.mailgenius.jobs.delivery.Outcome;
import io.mailgenius.jobs.delivery.Provider;
import java.time.Duration;

/**
 * Lets no batch through before its turn. A turn that is near is waited for; one that is far puts
 * the batch off, so that nobody sits on a chunk, and its lease, for the sake of a queue.
 */
public final class ThrottledProvider implements Provider {

    /** Short against any lease, long against the distance of two turns. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Provider provider;
    private final Rate rate;
    private final Duration patience;
    private final Wait wait;

    public ThrottledProvider(Provider provider, Rate rate) {
        this(provider, rate, PATIENCE, Thread::sleep);
    }

    ThrottledProvider(Provider provider, Rate rate, Duration patience, Wait wait) {
        this.provider = provider;
        this.rate = rate;
        this.patience = patience;
        this.wait = wait;
    }

    @Override
    public Outcome send(Batch batch) {
        Duration left = patience;
        try {
            while (true) {
                switch (rate.next(left)) {
                    case Rate.Turn.Yours(Duration in) -> {
                        wait.until(in);
                        return provider.send(batch);
                    }
                    case Rate.Turn.Later(Duration in) -> {
                        if (in.compareTo(left) > 0) {
                            return new Outcome.Deferred(in, "The account's rate is used up");
                        }
                        wait.until(in);
                        left = left.minus(in);
                    }
                }
            }
        } catch (InterruptedException e) {
            // This node is leaving. The turn is lost, the batch has not left.
            Thread.currentThread().interrupt();
            return new Outcome.Deferred(Duration.ZERO, "Interrupted while waiting for a turn");
        }
    }

    @Override
    public Duration keyLife() {
        return provider.keyLife();
    }

    /** So that a test need not wait. */
    interface Wait {
        void until(Duration over) throws InterruptedException;
    }
}
