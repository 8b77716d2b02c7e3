package io.mailgenius.console.pages;

import org.jspecify.annotations.Nullable;

/**
 * The pagination links of a list.
 *
 * @param here this page, for its periodic refresh
 * @param newest the first page; null on the first page
 * @param older the next page; null on the last page
 */
public record ListLinks(String here, @Nullable String newest, @Nullable String older) {

    /**
     * @param list the path of the list with its filters, encoded
     * @param after the key after which this page begins; null for the first page
     * @param next the key after which the next page begins; null for the last page
     */
    public static ListLinks of(String list, @Nullable Long after, @Nullable String next) {
        return after == null
                ? new ListLinks(list, null, after(list, next))
                : new ListLinks(list(list, after.toString()), list, after(list, next));
    }

    private static @Nullable String after(String list, @Nullable String key) {
        return key == null ? null : list(list, key);
    }

    private static String list(String list, String after) {
        return list + (list.contains("?") ? "&" : "?") + "after=" + after;
    }
}
