package io.mailgenius.jobs.secrets;

/** A stored secret that cannot be decrypted, or master keys that cannot be read or written. */
public final class SecretUnreadable extends RuntimeException {

    SecretUnreadable(String message, Throwable cause) {
        super(message, cause);
    }

    SecretUnreadable(String message) {
        super(message);
    }
}
