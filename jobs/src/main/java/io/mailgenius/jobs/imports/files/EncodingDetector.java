package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.imports.rows.Utf8;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Looks at the bytes of a file while they pass on their way into storage. */
public final class EncodingDetector extends FilterInputStream {

    private static final int HEAD = 64 * 1024;

    private final Utf8 utf8 = new Utf8();
    private long passed;
    private long nulsAtEven;
    private long nulsAtOdd;

    public EncodingDetector(InputStream in) {
        super(in);
    }

    /** Of bytes that are there already. */
    static EncodingDetector of(byte[] head) {
        EncodingDetector encodingDetector = new EncodingDetector(InputStream.nullInputStream());
        encodingDetector.see(head, 0, head.length);
        return encodingDetector;
    }

    /**
     * The encoding of a text of which only the start is known, or null where bytes further on may
     * decide otherwise.
     *
     * @param asked by the options
     */
    public static @Nullable Charset certain(byte[] start, @Nullable String asked) {
        EncodingDetector seen = of(start);
        Charset charset = Encoding.of(start, seen, asked);
        boolean open = asked == null && charset.equals(WesternEncoding.USUAL);
        // A character that is cut off at the end is one error.
        boolean torn =
                charset.equals(StandardCharsets.UTF_8) && asked == null && seen.utf8.errors() > 1;
        return open || torn ? null : charset;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (count > 0) {
            see(bytes, offset, count);
        }
        return count;
    }

    private void see(byte[] bytes, int offset, int count) {
        utf8.pass(bytes, offset, offset + count);
        for (int n = 0; n < count && passed + n < HEAD; n++) {
            if (bytes[offset + n] == 0) {
                if ((passed + n) % 2 == 0) {
                    nulsAtEven++;
                } else {
                    nulsAtOdd++;
                }
            }
        }
        passed += count;
    }

    /** How many bytes there were. */
    long passed() {
        return passed;
    }

    /** Whether characters of two bytes are likely, of which the second is 0 for plain letters. */
    boolean isWideLittleEndian() {
        return nulsAtOdd > Math.min(passed, HEAD) / 6 && nulsAtEven * 4 < nulsAtOdd;
    }

    boolean isWideBigEndian() {
        return nulsAtEven > Math.min(passed, HEAD) / 6 && nulsAtOdd * 4 < nulsAtEven;
    }

    /** A few bytes that are none are torn rows; more of them than letters are another encoding. */
    boolean isUtf8() {
        return utf8.errors() <= utf8.letters();
    }
}
