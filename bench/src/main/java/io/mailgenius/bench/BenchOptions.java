package io.mailgenius.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The options of a benchmark, all of them numbers or flags. Unknown options are refused once all
 * known ones have been read.
 */
final class BenchOptions {

    private final List<String> left;

    BenchOptions(List<String> words) {
        left = new ArrayList<>(words);
    }

    /**
     * @param name the text before the number, such as {@code --rows=}
     * @throws IllegalArgumentException if it is not a number or out of range
     */
    long number(String name, long preset, long least, long most) {
        long number = preset;
        for (String word : List.copyOf(left)) {
            if (word.startsWith(name) && word.substring(name.length()).matches("\\d{1,18}")) {
                number = Long.parseLong(word.substring(name.length()));
                left.remove(word);
            }
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s is %,d to %,d.", name, least, most));
        }
        return number;
    }

    /** An option without a value. */
    boolean flag(String name) {
        return left.remove(name);
    }

    void nothingElse() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("There is no option \"" + left.getFirst() + "\".");
        }
    }
}
