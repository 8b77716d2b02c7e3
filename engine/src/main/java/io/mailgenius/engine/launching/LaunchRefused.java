package io.mailgenius.engine.launching;

/** Thrown when the state of the launch does not permit the operation; nothing was changed. */
public final class LaunchRefused extends RuntimeException {

    public LaunchRefused(String message) {
        super(message, null, false, false);
    }
}
