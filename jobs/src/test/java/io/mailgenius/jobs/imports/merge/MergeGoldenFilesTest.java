package io.mailgenius.jobs.imports.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.columns.ImportOptions.Defaults;
import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.jobs.imports.columns.ImportOptions.Rule;
import io.mailgenius.jobs.imports.rows.CopyBuffer;
import io.mailgenius.jobs.imports.rows.Staging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pins the statements of a merge, one golden file per case. Run with {@code
 * -Dmailgenius.renew-golden-files=true} to write the files anew, then review their diff in Git.
 */
class MergeGoldenFilesTest {

    private static final Path FOLDER =
            Path.of("src/test/resources/io/mailgenius/jobs/imports/merge");
    private static final String RENEW = "mailgenius.renew-golden-files";
    private static final long WORKSPACE = 7;
    private static final long IMPORT = 42;

    @TempDir private Path generated;

    /**
     * @param largest bytes of the largest attributes of a row
     */
    private record Case(
            String name, Header header, boolean resubscribe, int largest, List<Long> lists) {

        MergeFragments fragments(Mode mode) {
            return new MergeFragments(
                    WORKSPACE,
                    IMPORT,
                    new Staging(header, new CopyBuffer(100)).staged(),
                    mode,
                    resubscribe,
                    largest);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        Header address = header(List.of("email"), null, null, null);
        Header fields = header(List.of("email", "city", "plan"), null, null, null);
        Header status =
                header(List.of("email", "city", "out"), Map.of("out", "status"), null, null);
        return Stream.of(
                new Case("address", address, false, 0, List.of()),
                new Case("fields", fields, false, 100, List.of()),
                new Case("lists", address, false, 0, List.of(3L, 5L)),
                new Case("large-attributes", fields, false, 60_000, List.of()),
                new Case(
                        "fill",
                        header(
                                List.of("email", "city", "it's ${import}", "plan"),
                                null,
                                Map.of("city", Rule.FILL, "it's ${import}", Rule.FILL),
                                null),
                        false,
                        100,
                        List.of()),
                new Case(
                        "defaults",
                        header(
                                List.of("email", "country"),
                                null,
                                null,
                                new Defaults("BR", "pt-BR", null)),
                        false,
                        0,
                        List.of()),
                new Case("status", status, false, 0, List.of()),
                new Case("resubscribe", address, true, 0, List.of()),
                new Case("status-and-resubscribe", status, true, 0, List.of()));
    }

    private static Header header(
            List<String> names,
            @Nullable Map<String, String> mapping,
            @Nullable Map<String, Rule> rules,
            @Nullable Defaults defaults) {
        return Header.read(
                names,
                new ImportOptions(
                        mapping, null, rules, null, defaults, null, null, null, null, null, null,
                        null, null, null));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void contact_merge(Case it) throws IOException {
        Map<String, String> statements = new LinkedHashMap<>();
        for (Mode mode : Mode.values()) {
            statements.put(
                    "upsert, mode " + mode,
                    new ContactMerge(it.fragments(mode), it.lists(), true).upsert());
        }
        statements.put(
                "upsert, mode CREATE, in a workspace without suppressions",
                new ContactMerge(it.fragments(Mode.CREATE), it.lists(), false).upsert());
        MergeSql any = new ContactMerge(it.fragments(Mode.CREATE), it.lists(), true);
        statements.put("overridden", any.overridden());
        statements.put("lowered", any.lowered());
        assertGolden("contact-" + it.name(), statements);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trial_merge(Case it) throws IOException {
        Map<String, String> statements = new LinkedHashMap<>();
        for (Mode mode : Mode.values()) {
            statements.put("upsert, mode " + mode, new TrialMerge(it.fragments(mode)).upsert());
        }
        MergeSql any = new TrialMerge(it.fragments(Mode.CREATE));
        statements.put("overridden", any.overridden());
        statements.put("lowered", any.lowered());
        assertGolden("trial-" + it.name(), statements);
    }

    @Test
    void unmerged_rows_and_their_reasons() throws IOException {
        Case fields = cases().skip(1).findFirst().orElseThrow();
        Map<String, String> statements = new LinkedHashMap<>();
        for (Mode mode : Mode.values()) {
            MergeFragments fragments = fields.fragments(mode);
            statements.put(
                    "contacts, mode " + mode,
                    new ContactMerge(fragments, List.of(), true).unmerged());
            statements.put("trial, mode " + mode, new TrialMerge(fragments).unmerged());
        }
        assertGolden("unmerged", statements);
    }

    @Test
    void consent() throws IOException {
        Map<String, String> statements = new LinkedHashMap<>();
        statements.put("spread", FileConsent.spreadSql());
        for (Mode mode : Mode.values()) {
            statements.put(
                    "suppress, mode " + mode, FileConsent.suppressSql(WORKSPACE, IMPORT, mode));
        }
        statements.put("lock before a resubscription", Resubscription.LOCK);
        statements.put("audit of a resubscription", Resubscription.auditSql(WORKSPACE, IMPORT));
        assertGolden("consent", statements);
    }

    /** So the golden files have these two statements once per case. */
    @ParameterizedTest
    @MethodSource("cases")
    void the_mode_changes_neither_of_the_statements_about_other_rows(Case it) {
        MergeFragments create = it.fragments(Mode.CREATE);
        for (Mode mode : Mode.values()) {
            MergeFragments other = it.fragments(mode);
            assertSameForOtherRows(
                    new ContactMerge(create, it.lists(), true),
                    new ContactMerge(other, List.of(), false));
            assertSameForOtherRows(new TrialMerge(create), new TrialMerge(other));
        }
    }

    private static void assertSameForOtherRows(MergeSql one, MergeSql other) {
        assertThat(other.overridden()).isEqualTo(one.overridden());
        assertThat(other.lowered()).isEqualTo(one.lowered());
    }

    @Test
    void every_golden_file_belongs_to_a_case() throws IOException {
        List<String> expected =
                Stream.concat(
                                Stream.of("consent.sql", "unmerged.sql"),
                                cases().flatMap(
                                                it ->
                                                        Stream.of("contact-", "trial-")
                                                                .map(
                                                                        kind ->
                                                                                kind + it.name()
                                                                                        + ".sql")))
                        .toList();
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private void assertGolden(String name, Map<String, String> statements) throws IOException {
        StringBuilder text = new StringBuilder();
        statements.forEach(
                (title, sql) ->
                        text.append(text.isEmpty() ? "" : "\n")
                                .append("-- ")
                                .append(title)
                                .append('\n')
                                .append(sql));
        Path golden = FOLDER.resolve(name + ".sql");
        if (Boolean.getBoolean(RENEW)) {
            Files.createDirectories(FOLDER);
            Files.writeString(golden, text);
        }
        Path actual = Files.writeString(generated.resolve(golden.getFileName()), text);
        assertThat(golden)
                .as("%s is missing; to write it, run the test with -D%s=true", golden, RENEW)
                .exists();
        assertThat(actual)
                .as(
                        """
                        The generated SQL differs from %s. If that is meant, write the golden files anew \
                        and review them in Git: ./mvnw -pl jobs -am test -Dtest=MergeGoldenFilesTest \
                        -Dsurefire.failIfNoSpecifiedTests=false -D%s=true\
                        """,
                        golden, RENEW)
                .hasSameTextualContentAs(golden);
    }
}
