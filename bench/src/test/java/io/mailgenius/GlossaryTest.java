package io.mailgenius;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and words that the glossary replaces do not return. */
class GlossaryTest {

    private static final Path ROOT = Path.of("..");

    /** Former class names whose field term is another one; nested classes count too. */
    private static final Set<String> REPLACED_NAMES =
            Set.of(
                    "Access",
                    "Answers",
                    "AnsweredEarly",
                    "Bearer",
                    "Death",
                    "Deed",
                    "Departed",
                    "Doorbell",
                    "Gate",
                    "GoesOnLater",
                    "Grams",
                    "Heart",
                    "Hits",
                    "Intake",
                    "Judgement",
                    "KeyMemory",
                    "Lane",
                    "Lanes",
                    "LettersOfCampaigns",
                    "LocalShare",
                    "Machines",
                    "Mailing",
                    "Mentions",
                    "MergeWords",
                    "Office",
                    "Opening",
                    "OwnWorkspace",
                    "Paces",
                    "Packing",
                    "Postings",
                    "Postponed",
                    "RedisOrAlone",
                    "Rehearsal",
                    "Rest",
                    "Room",
                    "SandboxOfNode",
                    "Seal",
                    "SharedRate",
                    "Soundness",
                    "Survey",
                    "Trouble",
                    "Turns",
                    "Upkeep",
                    "Visitors",
                    "Workshop");

    /** Only words that have no other meaning in this product. */
    private static final Pattern REPLACED_WORDS =
            Pattern.compile(
                    "\\b(doorbells?|bur(?:y|ied|ies|ying)|lanes?|held\\s+for\\s+dead"
                            + "|rings?\\s+(?:the|a)\\s+bell|package\\s+managers?|deference"
                            + "|machine[\\s-]+opened|key\\s+memory|letters\\s+of\\s+campaigns"
                            + "|soundness|deeds?)\\b",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern COMMENT =
            Pattern.compile("/\\*.*?\\*/|(?<![:\"'/])//[^\\n]*", Pattern.DOTALL);

    private static final Pattern LINK_TARGET = Pattern.compile("\\]\\([^)]*\\)");

    private static final JavaClasses CODE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.mailgenius");

    @Test
    void no_class_has_a_name_that_the_glossary_replaces() {
        assertThat(CODE.stream().filter(it -> REPLACED_NAMES.contains(it.getSimpleName())))
                .extracting(JavaClass::getName)
                .as("classes with a name that docs/glossary.md replaces")
                .isEmpty();
    }

    @Test
    void no_comment_has_a_word_that_the_glossary_replaces() throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : ArchitectureTest.MODULES) {
            for (Path source : files(ROOT.resolve(module).resolve("src/main/java"), ".java")) {
                for (String comment : comments(Files.readString(source))) {
                    words(comment).forEach(word -> found.add(source.getFileName() + ": " + word));
                }
            }
        }
        assertThat(found).as("words in comments that the glossary replaces").isEmpty();
    }

    @Test
    void no_page_has_a_word_that_the_glossary_replaces() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(it -> it.toString().endsWith(".md")).forEach(pages::add);
        }
        pages.add(ROOT.resolve("README.md"));
        pages.add(ROOT.resolve("CONTRIBUTING.md"));
        List<String> found = new ArrayList<>();
        for (Path page : pages) {
            String text = LINK_TARGET.matcher(Files.readString(page)).replaceAll("]");
            words(text).forEach(word -> found.add(page.getFileName() + ": " + word));
        }
        assertThat(pages).hasSizeGreaterThan(10);
        assertThat(found).as("words in docs that the glossary replaces").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int a; // rings the bell",
                "/** Three\n * lanes. */ class A {}",
                "/* A node that is held\n * for dead. */",
                "String url = \"http://x\"; // Buried by the others.",
            })
    void words_are_found_across_lines_and_in_every_kind_of_comment(String source) {
        assertThat(comments(source).stream().flatMap(GlossaryTest::words)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"String lane = \"http://lanes.example\";", "/** Planes, an unburied x. */"})
    void code_addresses_and_parts_of_words_are_not_meant(String source) {
        assertThat(comments(source).stream().flatMap(GlossaryTest::words)).isEmpty();
    }

    private static List<String> comments(String source) {
        return COMMENT.matcher(source)
                .results()
                .map(comment -> comment.group().replaceAll("\\n\\s*\\*", "\n"))
                .toList();
    }

    private static Stream<String> words(String text) {
        return REPLACED_WORDS.matcher(text).results().map(word -> word.group());
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(it -> it.toString().endsWith(ending)).sorted().toList();
        }
    }
}
