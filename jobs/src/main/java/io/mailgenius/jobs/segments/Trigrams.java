package io.mailgenius.jobs.segments;

import java.util.Arrays;

/**
 * In which blocks of neighbouring contacts a text may be found: for each three bytes in a row, a
 * bit per block that has them. They share 1,024 places, and those of a text that has changed stay,
 * so a block that is named may have it, and one that is not has not. Two million contacts take 32
 * MB.
 */
final class Trigrams {

    /** What is shorter can be anywhere. */
    static final int LENGTH = 3;

    /**
     * Contacts of a block. Of larger ones there are fewer, which leaves memory for more places, but
     * neighbours were numbered together: what one of them has, another has as well.
     */
    static final int BLOCK = 8;

    private static final int PLACES_BITS = 10;

    /** Knuth's multiplicative hashing: 2^32 divided by the golden ratio. */
    private static final int GOLDEN = 0x9E3779B1;

    private final long[][] blocks;

    Trigrams(int contacts) {
        blocks = new long[1 << PLACES_BITS][contacts / BLOCK / Long.SIZE + 1];
    }

    void add(int ordinal, byte[] text) {
        int block = ordinal / BLOCK;
        int word = block / Long.SIZE;
        for (int at = 0; at + LENGTH <= text.length; at++) {
            int place = place(text, at);
            long[] row = blocks[place];
            if (word >= row.length) {
                row = Arrays.copyOf(row, word + word / 8 + 1);
                blocks[place] = row;
            }
            row[word] |= 1L << block;
        }
    }

    /** Of each three bytes of the part the blocks that have them. */
    long[][] of(byte[] part) {
        long[][] rows = new long[part.length - LENGTH + 1][];
        for (int at = 0; at < rows.length; at++) {
            rows[at] = blocks[place(part, at)];
        }
        return rows;
    }

    /** Of 64 neighbouring blocks those that are in all rows, a bit each. */
    static long inAll(long[][] rows, int word) {
        long all = -1;
        for (int n = 0; n < rows.length && all != 0; n++) {
            all &= word < rows[n].length ? rows[n][word] : 0;
        }
        return all;
    }

    private static int place(byte[] text, int at) {
        int three = text[at] & 0xff | (text[at + 1] & 0xff) << 8 | (text[at + 2] & 0xff) << 16;
        return three * GOLDEN >>> Integer.SIZE - PLACES_BITS;
    }

    long bytes() {
        long words = 0;
        for (long[] row : blocks) {
            words += row.length;
        }
        return Long.BYTES * words;
    }
}
