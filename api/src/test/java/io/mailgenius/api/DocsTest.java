package io.mailgenius.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What the code has, the documentation names; what the documentation points at is there. */
class DocsTest {

    private static final Path ROOT = Path.of("..");
    private static final Path DOCS = ROOT.resolve("docs");

    private static final Pattern SETTING =
            Pattern.compile("\\b(MAILGENIUS_[A-Z_]*[A-Z]|RESEND_API_KEY)\\b");
    private static final Pattern ENDPOINT =
            Pattern.compile("`((?:GET|POST|PUT|PATCH|DELETE) /[^ `]*)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

    /** Of paths that programs call; those of the console are no promise. */
    private static final Pattern CALLED = Pattern.compile("/(api|webhooks|u|p|s|c|t|o)/.*");

    private static final JavaClasses CODE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.mailgenius.api", "io.mailgenius.schema");

    @Test
    void every_setting_is_explained() throws IOException {
        Set<String> settings = new TreeSet<>();
        for (Path source : sources()) {
            found(SETTING, Files.readString(source)).forEach(settings::add);
        }
        assertThat(settings).contains("MAILGENIUS_DATABASE_PASSWORD", "RESEND_API_KEY");
        String page = Files.readString(DOCS.resolve("operating.md"));
        assertThat(settings)
                .as("settings that docs/operating.md does not explain")
                .filteredOn(setting -> !page.contains("`" + setting + "`"))
                .isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("schema", "engine", "jobs", "api", "bench")) {
            sources.addAll(files(ROOT.resolve(module).resolve("src/main/java"), ".java"));
        }
        sources.add(ROOT.resolve("mailgenius"));
        sources.add(ROOT.resolve("docker-compose.yml"));
        return sources;
    }

    @Test
    void every_endpoint_is_listed_and_every_listed_one_is_there() throws IOException {
        Set<String> endpoints =
                CODE.stream()
                        .filter(it -> it.isMetaAnnotatedWith(Controller.class))
                        .map(JavaClass::reflect)
                        .flatMap(DocsTest::endpoints)
                        .filter(it -> CALLED.matcher(it.substring(it.indexOf('/'))).matches())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(endpoints).contains("GET /api/v1/contacts/{id}", "POST /u/{token}");
        // Filters, which stand before Spring MVC.
        endpoints.addAll(
                Set.of(
                        "POST /webhooks/resend",
                        "POST /webhooks/resend/{account}",
                        "GET /t/{token}",
                        "GET /o/{token}"));
        Set<String> listed =
                found(ENDPOINT, Files.readString(DOCS.resolve("api.md")))
                        .filter(it -> CALLED.matcher(it.substring(it.indexOf('/'))).matches())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed)
                .as("endpoints in docs/api.md")
                .containsExactlyInAnyOrderElementsOf(endpoints);
    }

    private static Stream<String> endpoints(Class<?> controller) {
        RequestMapping base =
                AnnotatedElementUtils.findMergedAnnotation(controller, RequestMapping.class);
        String[] prefixes = base == null || base.path().length == 0 ? one("") : base.path();
        return Arrays.stream(controller.getDeclaredMethods())
                .map(it -> AnnotatedElementUtils.findMergedAnnotation(it, RequestMapping.class))
                .filter(mapping -> mapping != null)
                .flatMap(
                        mapping ->
                                Arrays.stream(prefixes)
                                        .flatMap(prefix -> endpoints(prefix, mapping)));
    }

    private static Stream<String> endpoints(String prefix, RequestMapping mapping) {
        String[] paths = mapping.path().length == 0 ? one("") : mapping.path();
        return Arrays.stream(mapping.method())
                .flatMap(method -> Arrays.stream(paths).map(path -> method + " " + prefix + path));
    }

    private static String[] one(String path) {
        return new String[] {path};
    }

    @Test
    void every_word_that_the_database_may_hold_is_in_the_docs() throws IOException {
        StringBuilder pages = new StringBuilder();
        for (Path page : files(DOCS, ".md")) {
            pages.append(Files.readString(page));
        }
        Set<String> words =
                CODE.stream()
                        .filter(it -> it.getPackageName().equals("io.mailgenius.schema"))
                        .filter(JavaClass::isEnum)
                        .flatMap(it -> Arrays.stream(it.reflect().getEnumConstants()))
                        .map(word -> ((Enum<?>) word).name())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(words).contains("SUBSCRIBED", "ABANDONED");
        assertThat(words)
                .as("words of io.mailgenius.schema that no page of docs/ has")
                .filteredOn(
                        word -> found(Pattern.compile("\\b(" + word + ")\\b"), pages).count() == 0)
                .isEmpty();
    }

    /** A figure of thousands and more, as in a table of results. */
    private static final Pattern FIGURE = Pattern.compile("\\b(\\d{1,3}(?:,\\d{3})+)\\b");

    @Test
    void every_result_in_the_readme_is_one_of_the_benchmarks() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String benchmarks = Files.readString(DOCS.resolve("benchmarks.md"));
        int begin = readme.indexOf("## How fast it is");
        String section = readme.substring(begin, readme.indexOf("\n## ", begin + 1));

        assertThat(found(FIGURE, section))
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(benchmarks).contains(figure));
    }

    @Test
    void every_link_between_pages_leads_somewhere() throws IOException {
        List<Path> pages = new ArrayList<>(files(DOCS, ".md"));
        pages.add(ROOT.resolve("README.md"));
        Set<String> broken = new TreeSet<>();
        for (Path page : pages) {
            found(LINK, Files.readString(page))
                    .filter(link -> !link.matches("[a-z]+:.*"))
                    .filter(link -> !Files.exists(page.resolveSibling(link)))
                    .forEach(link -> broken.add(page.normalize() + " -> " + link));
        }
        assertThat(broken).as("links that lead nowhere").isEmpty();
    }

    private static final Pattern NAMED_TEST =
            Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT|Contract))`");

    @Test
    void every_test_that_a_promise_names_is_there() throws IOException {
        Set<String> tests = new TreeSet<>();
        for (String module : List.of("schema", "engine", "jobs", "api", "bench")) {
            for (Path file : files(ROOT.resolve(module).resolve("src/test/java"), ".java")) {
                tests.add(file.getFileName().toString().replace(".java", ""));
            }
        }
        for (String page : List.of("security.md", "guarantees.md")) {
            assertThat(found(NAMED_TEST, Files.readString(DOCS.resolve(page))))
                    .as(page)
                    .isNotEmpty()
                    .allSatisfy(named -> assertThat(tests).contains(named));
        }
    }

    private static Stream<String> found(Pattern pattern, CharSequence text) {
        return pattern.matcher(text).results().map((MatchResult result) -> result.group(1));
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(it -> it.toString().endsWith(ending)).sorted().toList();
        }
    }
}
