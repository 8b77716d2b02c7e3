package io.mailgenius.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.console.host.Right;
import io.mailgenius.console.host.ServiceState;
import io.mailgenius.engine.operations.BulkAction;
import io.mailgenius.engine.operations.ThreadDump;
import io.mailgenius.schema.AttemptOutcome;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.LaunchAction;
import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.NodeIntake;
import io.mailgenius.schema.NodeState;
import io.mailgenius.schema.Priority;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The message bundles of the console and of the pages that plug in: complete, and nothing unused.
 */
class TextsTest {

    private static final Path CONSOLE = Path.of("../console/src/main/resources/console");
    private static final Path OWN = Path.of("src/main/resources");

    /** Of pages for people without an account, and of what is being rewritten: in English alone. */
    private static final Set<String> ENGLISH_ALONE =
            Set.of(
                    "account.html",
                    "code.html",
                    "join.html",
                    "preferences.html",
                    "reset.html",
                    "reset-request.html",
                    "sign-in.html",
                    "subscribe.html",
                    "unsubscribe.html");

    private static final Pattern WHOLE = Pattern.compile("#\\{([a-z][\\w.-]*)");
    private static final Pattern BEGUN = Pattern.compile("#\\{\\$\\{'([\\w.]+)'");
    private static final Pattern IN_CODE = Pattern.compile("\"([a-z][\\w-]*\\.[\\w.-]*)\"");
    private static final Pattern PLACE = Pattern.compile("\\{\\d}");
    private static final Pattern VISIBLE_WORDS =
            Pattern.compile("<(\\w+)((?:(?!th:text|th:utext)[^>])*)>\\s*([A-Z][a-z]+[^<]*)</\\1>");

    private static Map<String, String> bundle(Path folder, String language) throws IOException {
        Properties read = new Properties();
        try (Reader reader =
                Files.newBufferedReader(folder.resolve("messages" + language + ".properties"))) {
            read.load(reader);
        }
        Map<String, String> texts = new TreeMap<>();
        read.forEach((key, text) -> texts.put((String) key, (String) text));
        return texts;
    }

    private static Map<String, String> all(String language) throws IOException {
        Map<String, String> texts = bundle(CONSOLE, language);
        bundle(OWN, language)
                .forEach(
                        (key, text) ->
                                assertThat(texts.put(key, text)).as("twice: " + key).isNull());
        return texts;
    }

    @Test
    void both_languages_have_the_same_texts_with_the_same_places() throws IOException {
        Map<String, String> english = all("");
        Map<String, String> portuguese = all("_pt_BR");

        assertThat(portuguese.keySet()).isEqualTo(english.keySet());
        assertThat(english.keySet())
                .allSatisfy(
                        key ->
                                assertThat(places(portuguese.get(key)))
                                        .as(key)
                                        .isEqualTo(places(english.get(key))));
        assertThat(Stream.concat(english.values().stream(), portuguese.values().stream()))
                .as("MessageFormat swallows single apostrophes")
                .noneMatch(it -> it.contains("'"));
        assertThat(portuguese.entrySet())
                .filteredOn(it -> it.getValue().matches("(\\p{L}+ ){3}.*"))
                .as("sentences that are not translated")
                .noneMatch(it -> it.getValue().equals(english.get(it.getKey())));
    }

    private static Set<String> places(String text) {
        Set<String> places = new TreeSet<>();
        PLACE.matcher(text).results().forEach(it -> places.add(it.group()));
        return places;
    }

    @Test
    void what_pages_and_code_ask_for_is_there_and_nothing_else() throws IOException {
        Set<String> there = all("").keySet();
        Set<String> asked = new TreeSet<>();
        Set<String> begun = new TreeSet<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            find(WHOLE, text).forEach(asked::add);
            find(BEGUN, text).forEach(begun::add);
        }
        List<String> missing = asked.stream().filter(it -> !there.contains(it)).toList();
        for (Path source : sources()) {
            find(IN_CODE, Files.readString(source))
                    .forEach(it -> (it.endsWith(".") ? begun : asked).add(it));
        }
        asked.addAll(words());

        assertThat(missing).as("texts that are missing").isEmpty();
        assertThat(there).as("texts of states and other enums").containsAll(words());
        assertThat(there)
                .as("texts that nothing uses")
                .filteredOn(key -> !asked.contains(key))
                .filteredOn(key -> begun.stream().noneMatch(key::startsWith))
                .isEmpty();
    }

    private static Set<String> words() {
        Set<String> words = new TreeSet<>();
        add(words, "state.", LaunchState.values());
        add(words, "state.", ChunkState.values());
        add(words, "state.", NodeState.values());
        add(words, "state.", NodeIntake.values());
        add(words, "state.", AttemptOutcome.values());
        add(words, "state.", CampaignStatus.values());
        add(words, "state.", ImportStatus.values());
        add(words, "state.", ServiceState.Health.values());
        add(words, "priority.", Priority.values());
        add(words, "history.", LaunchAction.values());
        add(words, "bulk.", BulkAction.values());
        add(words, "threads.", ThreadDump.Status.values());
        add(words, "refused.", new Right[] {Right.OPERATE_JOBS, Right.OPERATE_NODES});
        return words;
    }

    private static void add(Set<String> words, String prefix, Enum<?>[] constants) {
        for (Enum<?> constant : constants) {
            words.add(prefix + constant.name());
        }
    }

    @Test
    void pages_have_no_words_of_their_own() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path page : pages()) {
            Matcher words = VISIBLE_WORDS.matcher(Files.readString(page));
            while (words.find()) {
                if (!words.group(2).contains("lang=")) {
                    found.add(page.getFileName() + ": " + words.group(3));
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path folder : List.of(CONSOLE, OWN.resolve("console"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(it -> it.toString().endsWith(".html"))
                        .filter(it -> !ENGLISH_ALONE.contains(it.getFileName().toString()))
                        .forEach(pages::add);
            }
        }
        assertThat(pages).hasSizeGreaterThan(15);
        return pages;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("../console/src/main/java", "src/main/java")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(it -> it.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    private static Stream<String> find(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(it -> it.group(1));
    }
}
