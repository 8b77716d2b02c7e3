package io.mailgenius.engine.launching;

import java.util.Locale;

/**
 * Thrown when another node has taken the execution over: the writes of this node are rolled back.
 */
public final class SupersededException extends RuntimeException {

    public SupersededException(long launchId, int epoch) {
        super(
                String.format(
                        Locale.ROOT,
                        "Launch %d is past epoch %d: another node has taken it over",
                        launchId,
                        epoch),
                null,
                false,
                false);
    }
}
