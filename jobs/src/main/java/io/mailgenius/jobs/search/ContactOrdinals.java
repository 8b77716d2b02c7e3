package io.mailgenius.jobs.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Contacts by numbers without gaps, in the order of their ids as far as they came in that order. A
 * number is never given twice; that of a contact that is gone stays empty.
 */
final class ContactOrdinals {

    private long[] ids;
    private int count;

    /** Of those that committed later than others with higher ids. */
    private final Map<Long, Integer> late = new HashMap<>();

    /** As far as the ids ascend. */
    private int ascending;

    ContactOrdinals(int expected) {
        ids = new long[Math.max(16, expected)];
    }

    /** -1 if there is none. */
    int of(long id) {
        int found = Arrays.binarySearch(ids, 0, ascending, id);
        return found >= 0 ? found : late.getOrDefault(id, -1);
    }

    /** Those before this one are in the order of their ids. */
    int ascending() {
        return ascending;
    }

    /** Among these, the first with a higher id. */
    int firstAfter(long id) {
        int found = Arrays.binarySearch(ids, 0, ascending, id);
        return found >= 0 ? found + 1 : -found - 1;
    }

    int add(long id) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, count + count / 8 + 1024);
        }
        if (ascending == count && (count == 0 || ids[count - 1] < id)) {
            ascending++;
        } else {
            late.put(id, count);
        }
        ids[count] = id;
        return count++;
    }

    long id(int ordinal) {
        return ids[ordinal];
    }

    int count() {
        return count;
    }

    long bytes() {
        return 8L * ids.length + 64L * late.size();
    }

    /** Whether so many came late that counting anew would save memory. */
    boolean worn() {
        return late.size() > Math.max(100_000, count / 4);
    }
}
