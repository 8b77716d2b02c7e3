package io.mailgenius.jobs.search;

import java.util.Arrays;

/**
 * In which blocks of neighbouring contacts a text may be found: for each three bytes in a row and
 * each four, a bit per block that has them. They share 2,048 places, and those of a text that has
 * changed stay, so a block that is named may have it, and one that is not has not. Two million
 * contacts take 32 MB.
 */
final class NgramIndex {

    /** What is shorter can be anywhere. */
    static final int SHORTEST = 3;

    /** Of numbers there are but a thousand of three digits, and all of them are in many blocks. */
    private static final int LONGEST = 4;

    /**
     * Contacts of a block. Of larger ones there are fewer, which leaves memory for more places, but
     * neighbours were numbered together: what one of them has, another has as well.
     */
    static final int BLOCK = 16;

    private static final int PLACES_BITS = 11;

    /** Knuth's multiplicative hashing: 2^32 divided by the golden ratio. */
    private static final int GOLDEN = 0x9E3779B1;

    private final long[][] blocks;

    NgramIndex(int contacts) {
        blocks = new long[1 << PLACES_BITS][contacts / BLOCK / Long.SIZE + 1];
    }

    void add(int ordinal, byte[] text) {
        int block = ordinal / BLOCK;
        int word = block / Long.SIZE;
        for (int length = SHORTEST; length <= LONGEST; length++) {
            for (int at = 0; at + length <= text.length; at++) {
                int place = place(text, at, length);
                long[] row = blocks[place];
                if (word >= row.length) {
                    row = Arrays.copyOf(row, word + word / 8 + 1);
                    blocks[place] = row;
                }
                row[word] |= 1L << block;
            }
        }
    }

    /** Of each three and each four bytes of the part the blocks that have them. */
    long[][] of(byte[] part) {
        int threes = part.length - SHORTEST + 1;
        long[][] rows = new long[2 * threes - 1][];
        int row = 0;
        for (int length = SHORTEST; length <= LONGEST; length++) {
            for (int at = 0; at + length <= part.length; at++) {
                rows[row++] = blocks[place(part, at, length)];
            }
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

    private static int place(byte[] text, int at, int length) {
        int hash = 0;
        for (int n = 0; n < length; n++) {
            hash = (hash ^ text[at + n] & 0xff) * GOLDEN;
        }
        return hash >>> Integer.SIZE - PLACES_BITS;
    }

    long bytes() {
        long words = 0;
        for (long[] row : blocks) {
            words += row.length;
        }
        return Long.BYTES * words;
    }
}
