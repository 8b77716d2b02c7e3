package io.mailgenius.engine.worker;

import java.time.Duration;

/**
 * The chunk cannot be processed now, although it has not failed: it is returned, and claimed again
 * after the pause. This counts as no failure.
 */
public final class Deferred extends RuntimeException {

    private final Duration pause;

    public Deferred(Duration pause, String reason) {
        super(reason, null, false, false);
        this.pause = pause;
    }

    public Duration pause() {
        return pause;
    }
}
