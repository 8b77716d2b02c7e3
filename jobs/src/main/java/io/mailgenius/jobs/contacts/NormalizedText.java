package io.mailgenius.jobs.contacts;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Text in Unicode's normal form C: what looks alike is stored alike, so it is found and compared
 * whichever device typed it. Macs write an é as an e and an accent.
 */
public final class NormalizedText {

    /** Below it nothing combines with what stands before. */
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
