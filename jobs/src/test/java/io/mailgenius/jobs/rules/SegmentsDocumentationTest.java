package io.mailgenius.jobs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/segments.md documents all fields, operators and problems. */
class SegmentsDocumentationTest {

    private static final Pattern PROBLEM =
            Pattern.compile(
                    "\"([a-z]+-segment-[a-z-]+|empty-segment-group|segment-[a-z]+(-[a-z]+)*)\"");

    @Test
    void every_field_and_operator_is_documented() throws IOException {
        String page = Files.readString(Path.of("../docs/segments.md"));
        Stream.of(
                        Field.Column.BY_NAME.keySet(),
                        Engagement.BY_NAME.keySet(),
                        Operator.BY_NAME.keySet(),
                        Set.of("list", "attributes.<name>"))
                .flatMap(Collection::stream)
                .forEach(word -> assertThat(page).contains("`" + word + "`"));
    }

    @Test
    void every_problem_is_documented() throws IOException {
        String page = Files.readString(Path.of("../docs/segments.md"));
        Set<String> problems = new TreeSet<>(List.of("segment-not-found"));
        for (String noun : List.of("rules", "segments")) {
            try (Stream<Path> sources =
                    Files.list(Path.of("src/main/java/io/mailgenius/jobs", noun))) {
                for (Path source : sources.toList()) {
                    PROBLEM.matcher(Files.readString(source))
                            .results()
                            .map(found -> found.group(1))
                            .forEach(problems::add);
                }
            }
        }
        assertThat(problems).hasSizeGreaterThan(10);
        assertThat(problems).allSatisfy(word -> assertThat(page).contains("`" + word + "`"));
    }
}
