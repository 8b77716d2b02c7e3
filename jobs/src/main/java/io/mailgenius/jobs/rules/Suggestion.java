package io.mailgenius.jobs.rules;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lists the allowed values in a problem, beginning with the most similar one. */
final class Suggestion {

    private Suggestion() {}

    static String instead(String found, Collection<String> allowed) {
        String near =
                allowed.stream()
                        .min(Comparator.comparingInt(word -> distance(plain(found), plain(word))))
                        .filter(
                                word ->
                                        distance(plain(found), plain(word))
                                                <= 1 + word.length() / 6)
                        .map(word -> " Did you mean \"" + word + "\"?")
                        .orElse("");
        return near
                + " Allowed: "
                + allowed.stream().sorted().collect(Collectors.joining(", "))
                + ".";
    }

    /** User input, shortened for a message. */
    static String shortened(String found) {
        return found.length() <= 60 ? found : found.substring(0, 59) + "…";
    }

    /**
     * Ignores case, underscores and hyphens, so that {@code first_name} and {@code First-Name}
     * match {@code firstName}.
     */
    private static String plain(String word) {
        return word.substring(0, Math.min(word.length(), 40))
                .replaceAll("[^\\p{Alnum}]", "")
                .toLowerCase(Locale.ROOT);
    }

    /** The Damerau-Levenshtein distance. */
    private static int distance(String a, String b) {
        int[][] mistakes = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                mistakes[i][j] =
                        Math.min(i, j) == 0 ? Math.max(i, j) : fewest(mistakes, a, i, b, j);
            }
        }
        return mistakes[a.length()][b.length()];
    }

    private static int fewest(int[][] mistakes, String a, int i, String b, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int fewest = mistakes[i - 1][j - 1] + (same ? 0 : 1);
        fewest = Math.min(fewest, 1 + Math.min(mistakes[i - 1][j], mistakes[i][j - 1]));
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(fewest, 1 + mistakes[i - 2][j - 2]) : fewest;
    }
}
