package io.mailgenius.api.node;

/** Thrown for an invalid setting; the message is one sentence that names the setting. */
public final class SettingRefused extends RuntimeException {

    SettingRefused(String message) {
        super(message, null, false, false);
    }
}
