package io.mailgenius.jobs.imports.rows;

/**
 * Validates UTF-8 incrementally, in pieces of any size.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3629#section-4">RFC 3629, 4</a>
 */
public final class Utf8 {

    private int expected;
    private int lowest = 0x80;
    private int highest = 0xBF;
    private long letters;
    private long errors;

    /** Whether these bytes are complete, valid UTF-8. */
    static boolean is(byte[] bytes, int from, int to) {
        Utf8 seen = new Utf8();
        seen.pass(bytes, from, to);
        return seen.errors() == 0;
    }

    public void pass(byte[] bytes, int from, int to) {
        int n = from;
        while (n < to) {
            byte b = bytes[n];
            if (b >= 0 && expected == 0) {
                n++;
            } else {
                step(b & 0xFF);
                n++;
            }
        }
    }

    private void step(int b) {
        if (expected > 0) {
            if (b >= lowest && b <= highest) {
                expected--;
                lowest = 0x80;
                highest = 0xBF;
                letters += expected == 0 ? 1 : 0;
                return;
            }
            errors++;
            expected = 0;
            lowest = 0x80;
            highest = 0xBF;
        }
        begin(b);
    }

    private void begin(int b) {
        if (b < 0x80) {
            return;
        }
        if (b >= 0xC2 && b <= 0xDF) {
            expected = 1;
        } else if (b >= 0xE0 && b <= 0xEF) {
            expected = 2;
            lowest = b == 0xE0 ? 0xA0 : 0x80;
            highest = b == 0xED ? 0x9F : 0xBF;
        } else if (b >= 0xF0 && b <= 0xF4) {
            expected = 3;
            lowest = b == 0xF0 ? 0x90 : 0x80;
            highest = b == 0xF4 ? 0x8F : 0xBF;
        } else {
            errors++;
        }
    }

    /** Characters of more than one byte. */
    public long letters() {
        return letters;
    }

    /** Bytes that belong to none; a character that is cut off at the end is one. */
    public long errors() {
        return errors + (expected > 0 ? 1 : 0);
    }
}
