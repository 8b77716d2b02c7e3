package io.mailgenius.jobs.providers.resend;

import java.time.Duration;

/**
 * A sliding-window log of the requests that have left, with the slot of the next one. A request
 * first reserves a slot, which spaces requests and serves them in order. Right before it is written
 * it asks whether it may depart: threads wake late and connections take time, so requests whose
 * slots were well apart may be written close together.
 *
 * <p>{@link RedisRequestLog} and {@link LocalRequestLog} are the same algorithm, in Lua and in
 * Java; a test compares them answer by answer.
 */
interface RequestLog extends AutoCloseable {

    /**
     * How long a request that may depart is counted without a report that it was written: longer
     * than garbage collection, class loading or a busy machine delay it.
     */
    long UNREPORTED_MICROS = 2_000_000;

    /** How soon to ask again while a request that may depart has not been reported. */
    long RETRY_MICROS = 20_000;

    /** For how long a part of the rate is kept free after an urgent request. */
    long URGENT_MILLIS = 60_000;

    RequestLog UNLIMITED =
            new RequestLog() {
                @Override
                public Slot reserve(Duration patience) {
                    return new Slot.Reserved(Duration.ZERO);
                }

                @Override
                public void release() {}

                @Override
                public Departure depart() {
                    return new Departure.Now(() -> {});
                }

                @Override
                public void hold(Duration pause) {}
            };

    /** Reserves the next free slot, if it comes within {@code patience}. Does not wait for it. */
    Slot reserve(Duration patience);

    /** Gives back a slot that was reserved and has not come yet. */
    void release();

    /** Whether a request whose slot has come may be written now. */
    Departure depart();

    /**
     * The same for a request that has no slot and goes ahead of those that have. For a minute after
     * one, a fifth of the rate is kept free of others, so that the next finds it.
     */
    default Departure departUrgently() {
        return depart();
    }

    /** Nothing is reserved and nothing departs until {@code pause} is over. */
    void hold(Duration pause);

    @Override
    default void close() {}

    sealed interface Slot {

        record Reserved(Duration in) implements Slot {}

        /** Nothing was reserved: ask again then. */
        record Later(Duration in) implements Slot {}
    }

    sealed interface Departure {

        /**
         * The request may be written.
         *
         * @param written to be run when the request was written, or could not be: until then it
         *     counts as one that is about to leave. Does not wait.
         */
        record Now(Runnable written) implements Departure {}

        /** Too many have left within the window: ask again then. */
        record Later(Duration in) implements Departure {}
    }
}
