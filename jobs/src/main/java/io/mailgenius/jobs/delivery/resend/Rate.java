package io.mailgenius.jobs.delivery.resend;

import java.time.Duration;

/** When requests may leave. */
public interface Rate {

    /** As fast as they come. */
    Rate UNLIMITED =
            new Rate() {
                @Override
                public Turn next(Duration patience) {
                    return new Turn.Yours(Duration.ZERO);
                }

                @Override
                public void hold(Duration pause) {}
            };

    /** Takes the next free turn, if it comes within {@code patience}. Does not wait for it. */
    Turn next(Duration patience);

    /** The provider was called too fast: nobody takes a turn until {@code pause} is over. */
    void hold(Duration pause);

    /** What a request that asked for its turn was told. */
    sealed interface Turn {

        /** The turn is taken: wait so long, then send. */
        record Yours(Duration in) implements Turn {}

        /** None was taken: to ask before is of no use. */
        record Later(Duration in) implements Turn {}
    }
}
