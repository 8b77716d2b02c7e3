package io.mailgenius.api.node;

/** A setting has a value that cannot work; the message is one sentence that names its key. */
public final class SettingRefused extends RuntimeException {

    SettingRefused(String message) {
        super(message, null, false, false);
    }
}
