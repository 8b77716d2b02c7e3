package io.mailgenius.jobs.imports.rows;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts the different addresses of a slice. Each is stored as its offset in the slice's rows: a
 * set of strings would take half as much memory as the rows themselves until they are merged.
 */
final class Addresses {

    private static final int FIRST = 1 << 10;

    private final int multiplier;

    /**
     * Offsets of addresses, plus one; 0 is a free slot. The length is a power of two, and at most
     * half of the slots are used.
     */
    private int[] places = new int[FIRST];

    private int count;

    /** The hash differs each time, so that no file can be made whose addresses all collide. */
    Addresses() {
        this(ThreadLocalRandom.current().nextInt() | 1);
    }

    /**
     * @param multiplier of the hash; with 0 all addresses with the same end collide
     */
    Addresses(int multiplier) {
        this.multiplier = multiplier;
    }

    /**
     * @param from offset of the address in the rows; it ends at a control character, such as the
     *     tab or the line break of the COPY format
     */
    void add(byte[] rows, int from) {
        int place = place(rows, from);
        if (places[place] != 0) {
            return;
        }
        places[place] = from + 1;
        count++;
        if (2 * count > places.length) {
            grow(rows);
        }
    }

    int count() {
        return count;
    }

    /** The slot of the address, or the free one in which it belongs. */
    private int place(byte[] rows, int from) {
        int hash = 0;
        for (int at = from; isOfIt(rows[at]); at++) {
            hash = hash * multiplier + rows[at];
        }
        int mask = places.length - 1;
        int place = (hash ^ hash >>> 16) & mask;
        while (places[place] != 0 && !isSame(rows, places[place] - 1, from)) {
            place = place + 1 & mask;
        }
        return place;
    }

    private static boolean isOfIt(byte b) {
        return b < 0 || b >= ' ';
    }

    private static boolean isSame(byte[] rows, int one, int other) {
        int at = 0;
        while (isOfIt(rows[one + at]) && rows[one + at] == rows[other + at]) {
            at++;
        }
        return !isOfIt(rows[one + at]) && !isOfIt(rows[other + at]);
    }

    private void grow(byte[] rows) {
        int[] before = places;
        places = new int[2 * before.length];
        Arrays.stream(before)
                .filter(start -> start != 0)
                .forEach(start -> places[place(rows, start - 1)] = start);
    }
}
