package io.mailgenius.jobs.workspaces;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a list in the order of its keys. What is added or removed meanwhile neither repeats
 * nor hides another item, since the next stretch begins after a key and not at a number.
 *
 * @param next what to pass as {@code after} to read on, or null at the end
 */
public record Page<T>(List<T> items, @Nullable String next) {

    public static final int LIMIT = 200;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * How many rows to ask the database for: one more than wanted, which tells whether any are
     * left.
     */
    public static int rows(int limit) {
        if (limit < 1 || limit > LIMIT) {
            throw new Refusal.Invalid(
                    "limit-out-of-range",
                    "limit is " + limit + "; ask for 1 to " + LIMIT + " at a time.");
        }
        return limit + 1;
    }

    /** Of rows that were asked for with {@link #rows}. */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Object> key) {
        return rows.size() <= limit
                ? new Page<>(rows, null)
                : new Page<>(rows.subList(0, limit), key.apply(rows.get(limit - 1)).toString());
    }
}
