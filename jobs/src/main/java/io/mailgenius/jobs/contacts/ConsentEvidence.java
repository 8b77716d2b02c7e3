package io.mailgenius.jobs.contacts;

import org.jspecify.annotations.Nullable;

/** From where somebody said something: what a proof of it needs beside the moment. */
public record ConsentEvidence(@Nullable String ip, @Nullable String userAgent) {

    private static final int MAX = 500;

    public ConsentEvidence {
        ip = bounded(ip);
        userAgent = bounded(userAgent);
    }

    /** A header holds what its sender likes, and PostgreSQL has no NUL in its texts. */
    private static @Nullable String bounded(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String clean = text.replace('\0', '?').strip();
        return clean.length() > MAX ? clean.substring(0, MAX) : clean;
    }
}
