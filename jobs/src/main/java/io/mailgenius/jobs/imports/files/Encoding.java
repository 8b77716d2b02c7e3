package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The encoding of a text, and its conversion to UTF-8. */
public final class Encoding {

    private Encoding() {}

    /**
     * @param asked by the options
     */
    public static Charset of(
            byte[] head, EncodingDetector encodingDetector, @Nullable String asked) {
        if (asked != null) {
            return named(asked);
        }
        if (begins(head, 0xEF, 0xBB, 0xBF)) {
            return StandardCharsets.UTF_8;
        }
        if (begins(head, 0xFF, 0xFE, 0, 0)) {
            return Charset.forName("UTF-32LE");
        }
        if (begins(head, 0, 0, 0xFE, 0xFF)) {
            return Charset.forName("UTF-32BE");
        }
        if (begins(head, 0xFF, 0xFE) || encodingDetector.isWideLittleEndian()) {
            return StandardCharsets.UTF_16LE;
        }
        if (begins(head, 0xFE, 0xFF) || encodingDetector.isWideBigEndian()) {
            return StandardCharsets.UTF_16BE;
        }
        return encodingDetector.isUtf8() ? StandardCharsets.UTF_8 : WesternEncoding.USUAL;
    }

    private static Charset named(String asked) {
        try {
            return Charset.forName(asked.strip());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new Refusal.Invalid(
                    "import-unknown-encoding",
                    "There is no encoding \"%s\"; it may be utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, x-macroman or ibm850."
                            .formatted(asked));
        }
    }

    private static boolean begins(byte[] head, int... bytes) {
        if (head.length < bytes.length) {
            return false;
        }
        for (int n = 0; n < bytes.length; n++) {
            if ((head[n] & 0xFF) != bytes[n]) {
                return false;
            }
        }
        return true;
    }

    public static InputStream toUtf8(InputStream in, Charset charset) {
        return new Recoded(
                new InputStreamReader(
                        in,
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPLACE)
                                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                                .replaceWith("\uFFFD")));
    }

    /**
     * Bytes without a meaning in the encoding are converted to a byte that is not UTF-8, so that
     * their row is rejected instead of being stored with wrong characters.
     */
    private static final class Recoded extends InputStream {

        private static final byte NO_TEXT = (byte) 0xFF;

        private final Reader reader;
        private final char[] chars = new char[8192];
        private int kept;
        private byte[] bytes = new byte[0];
        private int at;

        Recoded(Reader reader) {
            this.reader = reader;
        }

        @Override
        public int read() throws IOException {
            return fill() ? bytes[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] out, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, out, offset, count);
            at += count;
            return count;
        }

        private boolean fill() throws IOException {
            while (at == bytes.length) {
                int count = reader.read(chars, kept, chars.length - kept);
                if (count < 0 && kept == 0) {
                    return false;
                }
                int length = kept + Math.max(0, count);
                // The rest of an incomplete character is at the start of the next bytes.
                kept = count >= 0 && Character.isHighSurrogate(chars[length - 1]) ? 1 : 0;
                bytes = encoded(length - kept);
                at = 0;
                if (kept == 1) {
                    chars[0] = chars[length - 1];
                }
            }
            return true;
        }

        private byte[] encoded(int length) {
            byte[] encoded = new String(chars, 0, length).getBytes(StandardCharsets.UTF_8);
            int out = 0;
            for (int n = 0; n < encoded.length; n++) {
                boolean replaced =
                        encoded[n] == (byte) 0xEF
                                && n + 2 < encoded.length
                                && encoded[n + 1] == (byte) 0xBF
                                && encoded[n + 2] == (byte) 0xBD;
                encoded[out++] = replaced ? NO_TEXT : encoded[n];
                n += replaced ? 2 : 0;
            }
            return out == encoded.length ? encoded : Arrays.copyOf(encoded, out);
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
