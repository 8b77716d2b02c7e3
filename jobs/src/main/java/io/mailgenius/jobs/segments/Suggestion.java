package io.mailgenius.jobs.segments;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is allowed instead, the near miss first. */
final class Suggestion {

    private Suggestion() {}

    static String instead(String found, Collection<String> allowed) {
        String near =
                allowed.stream()
                        .min(Comparator.comparingInt(word -> distance(plain(found), plain(word))))
                        .filter(word -> distance(plain(found), plain(word)) <= word.length() / 4)
                        .map(word -> " Did you mean \"" + word + "\"?")
                        .orElse("");
        return near
                + " Allowed: "
                + allowed.stream().sorted().collect(Collectors.joining(", "))
                + ".";
    }

    /** What somebody wrote, short enough for a message. */
    static String shortened(String found) {
        return found.length() <= 60 ? found : found.substring(0, 59) + "…";
    }

    /** {@code first_name}, {@code First-Name} and {@code firstName} are the same mistake. */
    private static String plain(String word) {
        return word.substring(0, Math.min(word.length(), 40))
                .replaceAll("[^\\p{Alnum}]", "")
                .toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
