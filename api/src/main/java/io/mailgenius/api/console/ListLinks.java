package io.mailgenius.api.console;

import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The links of a page of a long list.
 *
 * @param here this page, which asks for itself again and again
 * @param newest the first page, if this is another one
 * @param older the next page, if there is one
 */
public record ListLinks(String here, @Nullable String newest, @Nullable String older) {

    /**
     * @param list the path of the list, with what it is filtered by
     * @param after the key after which this page begins, if it is not the first
     * @param next the key after which the next page begins, if there is one
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
        return UriComponentsBuilder.fromUriString(list).queryParam("after", after).toUriString();
    }
}
