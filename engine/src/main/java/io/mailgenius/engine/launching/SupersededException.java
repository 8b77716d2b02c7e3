package io.mailgenius.engine.launching;

/** Another node has taken the execution on: whatever this one still does is rolled back. */
public final class SupersededException extends RuntimeException {

    public SupersededException(long launchId, int epoch) {
        super(
                "Launch %d is past epoch %d: another node goes on with it"
                        .formatted(launchId, epoch),
                null,
                false,
                false);
    }
}
