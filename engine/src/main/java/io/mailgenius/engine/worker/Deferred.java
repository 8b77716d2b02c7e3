package io.mailgenius.engine.worker;

import java.time.Duration;

/**
 * The chunk cannot be worked off now, and nothing is wrong with it: it goes back, is taken again
 * after the pause, and this counts as no failure.
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
