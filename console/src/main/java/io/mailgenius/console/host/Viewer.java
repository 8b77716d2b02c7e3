package io.mailgenius.console.host;

import java.time.ZoneId;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page.
 *
 * @param name for people to read
 * @param account the path of the page about this person; null if there is none
 * @param signOut the path that a form is posted to in order to sign out; null if there is none
 * @param zone the time zone of times, unless the browser states its own; null for UTC
 * @param language of texts, unless the browser states its own; null for English
 */
public record Viewer(
        String name,
        Set<Right> rights,
        @Nullable String account,
        @Nullable String signOut,
        @Nullable ZoneId zone,
        @Nullable Locale language) {

    public Viewer {
        rights = Set.copyOf(rights);
    }

    public boolean may(Right right) {
        return rights.contains(right);
    }
}
