package io.mailgenius.jobs.contacts;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Text in Unicode normal form C, so that equal-looking texts are equal whichever device they were
 * typed on. macOS, for example, writes é as e and an accent.
 */
public final class NormalizedText {

    /** Characters below this one never combine with the previous one. */
    private static final char FIRST_COMBINING = '\u0300';

    private NormalizedText() {}

    public static String of(String text) {
        for (int n = 0; n < text.length(); n++) {
            if (text.charAt(n) >= FIRST_COMBINING) {
                return Normalizer.normalize(text, Normalizer.Form.NFC);
            }
        }
        return text;
    }

    public static @Nullable String orNull(@Nullable String text) {
        return text == null ? null : of(text);
    }
}
