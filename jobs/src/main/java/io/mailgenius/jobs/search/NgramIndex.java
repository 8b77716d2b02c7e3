package io.mailgenius.jobs.search;

import java.util.Arrays;

/**
 * A Bloom-like index of the blocks of neighbouring contacts in which a text may occur: for each
 * trigram and 4-gram of bytes, one bit per block. The n-grams are hashed to 2,048 rows, and bits of
 * changed texts stay set, so there are false positives but no false negatives. Two million contacts
 * take 32 MB.
 */
final class NgramIndex {

    /** Shorter texts may occur in any block. */
    static final int SHORTEST = 3;

    /**
     * 4-grams are needed because there are only a thousand trigrams of digits, which occur in most
     * blocks.
     */
    private static final int LONGEST = 4;

    /**
     * Contacts per block. Larger blocks would leave memory for more rows, but neighbours have been
     * created together and share many n-grams.
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

    /** The rows of all n-grams of the text. */
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

    /** The intersection of the rows for 64 blocks, one bit each. */
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
