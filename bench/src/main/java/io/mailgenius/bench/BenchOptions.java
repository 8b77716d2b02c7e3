package io.mailgenius.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The options of a benchmark, each a number; whoever has asked for all asks for nothing else. */
final class BenchOptions {

    private final List<String> left;

    BenchOptions(List<String> words) {
        left = new ArrayList<>(words);
    }

    /**
     * @param name with what stands before the number: {@code --rows=}
     * @throws IllegalArgumentException if it is no number, or out of range
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

    /** A word that is there or not. */
    boolean flag(String name) {
        return left.remove(name);
    }

    void nothingElse() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("There is no option \"" + left.getFirst() + "\".");
        }
    }
}
