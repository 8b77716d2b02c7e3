package io.mailgenius.jobs.contacts;

import org.jspecify.annotations.Nullable;

/** The origin of a statement of consent, which is part of its proof. */
public record ConsentEvidence(@Nullable String ip, @Nullable String userAgent) {

    private static final int MAX = 500;

    public ConsentEvidence {
        ip = bounded(ip);
        userAgent = bounded(userAgent);
    }

    /**
     * Truncates the text and removes NUL, because a header contains arbitrary text and PostgreSQL
     * cannot store NUL.
     */
    private static @Nullable String bounded(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String clean = text.replace('\0', '?').strip();
        return clean.length() > MAX ? clean.substring(0, MAX) : clean;
    }
}
