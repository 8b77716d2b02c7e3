package io.mailgenius.engine.launching;

/** The launch is not in a state that admits what was asked; nothing was changed. */
public final class LaunchRefused extends RuntimeException {

    public LaunchRefused(String message) {
        super(message, null, false, false);
    }
}
