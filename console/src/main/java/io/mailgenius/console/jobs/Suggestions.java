package io.mailgenius.console.jobs;

import io.mailgenius.schema.LaunchState;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How the text of the search field may go on: as whole texts, since the browser replaces it. */
final class Suggestions {

    private static final int SHOWN = 12;
    private static final List<String> LENGTHS = List.of("1h", "24h", "7d");

    private Suggestions() {}

    /**
     * @param words of keys, parameters and errors that begin with the last word
     */
    static List<String> of(String written, List<String> words) {
        int last = written.lastIndexOf(' ') + 1;
        String before = written.substring(0, last);
        String word = written.substring(last);
        return Stream.concat(terms(), words.stream())
                .filter(it -> it.startsWith(word.toLowerCase(Locale.ROOT)) && !it.equals(word))
                .limit(SHOWN)
                .map(it -> before + it)
                .toList();
    }

    private static Stream<String> terms() {
        return SearchText.TERMS.stream()
                .flatMap(
                        term ->
                                switch (term) {
                                    case "state" ->
                                            Stream.of(LaunchState.values())
                                                    .map(it -> it.name().toLowerCase(Locale.ROOT))
                                                    .map(it -> "state:" + it);
                                    case "since", "until", "longer", "shorter" ->
                                            LENGTHS.stream().map(it -> term + ":" + it);
                                    case "housekeeping" -> Stream.of("housekeeping:yes");
                                    case String free -> Stream.of(free + ":");
                                });
    }
}
