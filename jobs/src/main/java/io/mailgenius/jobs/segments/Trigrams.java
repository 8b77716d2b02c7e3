package io.mailgenius.jobs.segments;

import java.util.Arrays;
import java.util.BitSet;

/**
 * In which blocks of neighbouring contacts a text may be found: for each three bytes in a row, a
 * bit per block that has them. They share 8,192 places, and those of a text that has changed stay,
 * so a block that is named may have it, and one that is not has not. Two million contacts take 32
 * MB.
 */
final class Trigrams {

    /** What is shorter can be anywhere. */
    static final int LENGTH = 3;

    /** Contacts of a block: fewer would take more memory, more would name more of them in vain. */
    static final int BLOCK = 64;

    private static final int PLACES_BITS = 13;

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

    /**
     * @param part no shorter than {@link #LENGTH}
     */
    BitSet having(byte[] part) {
        long[] having = blocks[place(part, 0)].clone();
        for (int at = 1; at + LENGTH <= part.length; at++) {
            long[] row = blocks[place(part, at)];
            if (row.length < having.length) {
                having = Arrays.copyOf(having, row.length);
            }
            for (int word = 0; word < having.length; word++) {
                having[word] &= row[word];
            }
        }
        return BitSet.valueOf(having);
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
