package io.mailgenius.jobs.providers.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The links that a simulated reader may click. */
final class ReaderLinks {

    private static final String START = "href=\"http";
    private static final int ENOUGH = 20;

    private ReaderLinks() {}

    static List<String> in(@Nullable String html) {
        List<String> links = new ArrayList<>();
        if (html == null) {
            return links;
        }
        int at = html.indexOf(START);
        while (at >= 0 && links.size() < ENOUGH) {
            int from = at + "href=\"".length();
            int to = html.indexOf('"', from);
            if (to < 0) {
                break;
            }
            String link = html.substring(from, to).replace("&amp;", "&");
            if (!leaves(link)) {
                links.add(link);
            }
            at = html.indexOf(START, to);
        }
        return links;
    }

    /** Unsubscribe links are left out, and the sandbox opens no links. */
    private static boolean leaves(String link) {
        return link.contains("/u/") || link.toLowerCase(Locale.ROOT).contains("unsubscribe");
    }
}
