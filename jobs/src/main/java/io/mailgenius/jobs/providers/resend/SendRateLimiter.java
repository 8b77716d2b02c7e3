package io.mailgenius.jobs.providers.resend;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * Keeps requests to the provider within the rate that the account allows all nodes together. A
 * request acquires its slot first and asks again when it is about to be written. Waits are short: a
 * slot that is far away is refused, so that no chunk, and its lease, is kept waiting for it.
 */
public final class SendRateLimiter implements AutoCloseable {

    /** Short against any lease, long against the distance of two slots. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final RequestLog log;
    private final Duration patience;
    private final Wait wait;

    SendRateLimiter(RequestLog log, Duration patience, Wait wait) {
        this.log = log;
        this.patience = patience;
        this.wait = wait;
    }

    public static SendRateLimiter unlimited() {
        return of(RequestLog.UNLIMITED);
    }

    /**
     * Keeps to the rate of the account together with all other nodes.
     *
     * @param perSecond requests per second that the account allows
     * @param nodes how many nodes send at the moment; asked only while Redis is unavailable
     */
    public static SendRateLimiter shared(RedisClient redis, int perSecond, IntSupplier nodes) {
        return of(new SharedRequestLog(redis, perSecond, nodes, System::nanoTime));
    }

    /**
     * As {@link #shared(RedisClient, int, IntSupplier)}, for an account of its own.
     *
     * @param account a name that all nodes and workspaces give to the same account
     */
    public static SendRateLimiter shared(
            RedisClient redis, String account, int perSecond, IntSupplier nodes) {
        return of(
                new SharedRequestLog(
                        redis,
                        RedisRequestLog.keysOf(account),
                        perSecond,
                        nodes,
                        System::nanoTime));
    }

    static SendRateLimiter of(RequestLog log) {
        return new SendRateLimiter(log, PATIENCE, Thread::sleep);
    }

    /** Reserves the next slot and returns when it has come. */
    void acquire() throws NotYet {
        Duration left = patience;
        while (true) {
            switch (log.reserve(left)) {
                case RequestLog.Slot.Reserved(Duration in) -> {
                    waitFor(in, log::release);
                    return;
                }
                case RequestLog.Slot.Later(Duration in) -> left = retryAfter(in, left);
            }
        }
    }

    /**
     * Returns when a request whose slot has come may be written.
     *
     * @return to be run when it was written, or could not be; does not wait
     */
    Runnable depart() throws NotYet {
        return depart(false);
    }

    /**
     * @param urgent whether it goes ahead of requests that have acquired a slot; it needs none
     */
    Runnable depart(boolean urgent) throws NotYet {
        Duration left = patience;
        while (true) {
            switch (urgent ? log.departUrgently() : log.depart()) {
                case RequestLog.Departure.Now(Runnable written) -> {
                    return written;
                }
                case RequestLog.Departure.Later(Duration in) -> left = retryAfter(in, left);
            }
        }
    }

    /** The provider was called too fast: no node sends until {@code pause} is over. */
    void hold(Duration pause) {
        log.hold(pause);
    }

    private Duration retryAfter(Duration in, Duration left) throws NotYet {
        if (in.compareTo(left) > 0) {
            throw new NotYet(in, "The account's rate is used up");
        }
        waitFor(in, () -> {});
        return left.minus(in);
    }

    private void waitFor(Duration time, Runnable whenInterrupted) throws NotYet {
        try {
            wait.until(time);
        } catch (InterruptedException e) {
            // This node shuts down and the request was not sent. The slot is given back before the
            // thread is marked as interrupted, since Redis could not be called after that.
            whenInterrupted.run();
            Thread.currentThread().interrupt();
            throw new NotYet(Duration.ZERO, "Interrupted while waiting for a turn");
        }
    }

    @Override
    public void close() {
        log.close();
    }

    /**
     * Nothing was sent; ask again after the pause. A kind of {@link InterruptedIOException}, since
     * OkHttp repeats a call by itself after any other {@link IOException}.
     */
    static final class NotYet extends InterruptedIOException {

        private final Duration pause;

        NotYet(Duration pause, String reason) {
            super(reason);
            this.pause = pause;
        }

        Duration pause() {
            return pause;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** Replaced in tests, which need not wait. */
    interface Wait {
        void until(Duration time) throws InterruptedException;
    }
}
