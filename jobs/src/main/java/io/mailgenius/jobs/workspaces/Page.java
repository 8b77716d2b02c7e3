package io.mailgenius.jobs.workspaces;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list in the order of its keys. It begins after a key and not at an offset, so
 * concurrent inserts and deletes neither repeat nor hide other items.
 *
 * @param next the {@code after} of the next page; null on the last page
 */
public record Page<T>(List<T> items, @Nullable String next) {

    public static final int LIMIT = 200;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * The number of rows to query: one more than the limit, to detect whether there is a next page.
     */
    public static int rows(int limit) {
        if (limit < 1 || limit > LIMIT) {
            throw new Refusal.Invalid(
                    "limit-out-of-range",
                    "limit is " + limit + "; ask for 1 to " + LIMIT + " at a time.");
        }
        return limit + 1;
    }

    /** Builds a page from rows that were queried with {@link #rows}. */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Object> key) {
        return rows.size() <= limit
                ? new Page<>(rows, null)
                : new Page<>(rows.subList(0, limit), key.apply(rows.get(limit - 1)).toString());
    }
}
