package io.mailgenius.jobs.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Maps contact ids to dense ordinals, in the order of the ids where contacts were added in that
 * order. Ordinals are not reused; the ordinal of a deleted contact stays empty.
 */
final class ContactOrdinals {

    private long[] ids;
    private int count;

    /** Contacts that committed after contacts with higher ids. */
    private final Map<Long, Integer> late = new HashMap<>();

    /** The number of ordinals in ascending order of ids. */
    private int ascending;

    ContactOrdinals(int expected) {
        ids = new long[Math.max(16, expected)];
    }

    /** -1 if there is none. */
    int of(long id) {
        int found = Arrays.binarySearch(ids, 0, ascending, id);
        return found >= 0 ? found : late.getOrDefault(id, -1);
    }

    /** Ordinals below this one are in the order of their ids. */
    int ascending() {
        return ascending;
    }

    /** The first ordinal among these with a higher id. */
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

    /** Whether so many contacts were added late that rebuilding would save memory. */
    boolean needsReload() {
        return late.size() > Math.max(100_000, count / 4);
    }
}
