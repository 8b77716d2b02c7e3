package io.mailgenius.engine.launching;

import java.util.Locale;

/** Another node has taken the execution on: whatever this one still does is rolled back. */
public final class SupersededException extends RuntimeException {

    public SupersededException(long launchId, int epoch) {
        super(
                String.format(
                        Locale.ROOT,
                        "Launch %d is past epoch %d: another node goes on with it",
                        launchId,
                        epoch),
                null,
                false,
                false);
    }
}
