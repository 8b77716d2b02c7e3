package io.mailgenius.jobs.imports.rows;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How many different addresses a slice has. Each is known by where it stands in the slice's rows: a
 * set of texts would hold half as much again as the rows themselves, for as long as they are
 * merged.
 */
final class Addresses {

    private static final int FIRST = 1 << 10;

    private final int multiplier;

    /** Where an address begins, plus one; 0 is free. A power of two, and half of it stays free. */
    private int[] places = new int[FIRST];

    private int count;

    /** Their places differ each time, whoever made them up. */
    Addresses() {
        this(ThreadLocalRandom.current().nextInt() | 1);
    }

    /**
     * @param multiplier of their hash; with 0 all that end alike have one place
     */
    Addresses(int multiplier) {
        this.multiplier = multiplier;
    }

    /**
     * @param from where the address begins in the rows; it ends at a control character, such as the
     *     tab or the line break that COPY wants
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

    /** That of the address, or the one that it is to have. */
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
