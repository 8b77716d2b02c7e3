package io.mailgenius.jobs.providers.resend;

import java.time.Duration;

/** When requests may leave: a turn says whose is next, and a leave that it is not too early. */
public interface RequestRate extends AutoCloseable {

    /** As fast as they come. */
    RequestRate UNLIMITED =
            new RequestRate() {
                @Override
                public Turn next(Duration patience) {
                    return new Turn.Yours(Duration.ZERO);
                }

                @Override
                public Leave leave() {
                    return Leave.UNCOUNTED;
                }

                @Override
                public void hold(Duration pause) {}
            };

    /** Takes the next free turn, if it comes within {@code patience}. Does not wait for it. */
    Turn next(Duration patience);

    /**
     * A turn that was taken and has not come yet will not be used: whoever asks next gets one so
     * much earlier. That it may then fall together with another's is seen to by {@link #leave}.
     */
    default void giveBack() {}

    /**
     * Asked by whoever's turn has come, when its connection stands and nothing but writing is left:
     * threads wake late and first requests are slow, so turns that were well apart may be used
     * close together.
     */
    Leave leave();

    /** The provider was called too fast: nobody takes a turn until {@code pause} is over. */
    void hold(Duration pause);

    @Override
    default void close() {}

    /** What a request that asked for its turn was told. */
    sealed interface Turn {

        /** The turn is taken: wait so long, then send. */
        record Yours(Duration in) implements Turn {}

        /** None was taken: to ask before is of no use. */
        record Later(Duration in) implements Turn {}
    }

    /** What a request that is about to be written was told. */
    sealed interface Leave {

        Now UNCOUNTED = new Now(() -> {});

        /**
         * Go.
         *
         * @param left run when it has left, or could not: until then nobody knows when that is, and
         *     its place is taken. Does not wait.
         */
        record Now(Runnable left) implements Leave {}

        /** Too many have left within a second: ask again then. */
        record Soon(Duration in) implements Leave {}
    }
}
