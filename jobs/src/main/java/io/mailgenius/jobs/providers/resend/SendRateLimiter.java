package io.mailgenius.jobs.providers.resend;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Lets nobody through before its turn. A turn that is near is waited for; one that is far is not,
 * so that nobody sits on a chunk, and its lease, for the sake of a queue.
 */
final class SendRateLimiter {

    /** Short against any lease, long against the distance of two turns. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final RequestRate rate;
    private final Duration patience;
    private final Wait wait;

    SendRateLimiter(RequestRate rate) {
        this(rate, PATIENCE, Thread::sleep);
    }

    SendRateLimiter(RequestRate rate, Duration patience, Wait wait) {
        this.rate = rate;
        this.patience = patience;
        this.wait = wait;
    }

    /** Comes back when the turn has come. */
    void turn() throws NotYet {
        Duration left = patience;
        while (true) {
            switch (rate.next(left)) {
                case RequestRate.Turn.Yours(Duration in) -> {
                    until(in, rate::giveBack);
                    return;
                }
                case RequestRate.Turn.Later(Duration in) -> left = waited(in, left);
            }
        }
    }

    /** Comes back when a request whose turn has come may be written. */
    RequestRate.Leave.Now leave() throws NotYet {
        Duration left = patience;
        while (true) {
            switch (rate.leave()) {
                case RequestRate.Leave.Now now -> {
                    return now;
                }
                case RequestRate.Leave.Soon(Duration in) -> left = waited(in, left);
            }
        }
    }

    private Duration waited(Duration in, Duration left) throws NotYet {
        if (in.compareTo(left) > 0) {
            throw new NotYet(in, "The account's rate is used up");
        }
        until(in, () -> {});
        return left.minus(in);
    }

    private void until(Duration over, Runnable whenLeaving) throws NotYet {
        try {
            wait.until(over);
        } catch (InterruptedException e) {
            // This node is leaving, the request has not left. Said before the thread is marked: it
            // could not talk to anybody after that.
            whenLeaving.run();
            Thread.currentThread().interrupt();
            throw new NotYet(Duration.ZERO, "Interrupted while waiting for a turn");
        }
    }

    /**
     * Nothing has left; ask again after the pause. Of this kind of {@link IOException}, since
     * OkHttp tries any other one again by itself.
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

    /** So that a test need not wait. */
    interface Wait {
        void until(Duration over) throws InterruptedException;
    }
}
