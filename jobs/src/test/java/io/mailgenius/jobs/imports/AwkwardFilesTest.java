package io.mailgenius.jobs.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailgenius.jobs.imports.ImportFixture.Outcome;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever people have: what becomes of every row, and of every file that has none. */
class AwkwardFilesTest {

    private static ImportFixture importFixture;

    @BeforeAll
    static void open() {
        importFixture = new ImportFixture();
    }

    @AfterAll
    static void close() {
        importFixture.close();
    }

    @BeforeEach
    void empty() {
        importFixture.empty();
    }

    static List<AwkwardFile> files() {
        return AwkwardFiles.all();
    }

    @Test
    void the_table_is_long() {
        assertThat(files()).hasSizeGreaterThanOrEqualTo(60);
        assertThat(files().stream().map(AwkwardFile::name)).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void a_file_comes_to_its_figures(AwkwardFile file) throws IOException {
        if (file.problem() != null) {
            refused(file);
            return;
        }
        Outcome outcome = importFixture.importBytes(file.bytes(), file.options());

        assertThat(outcome.rows()).isEqualTo(file.rows());
        assertAddsUp(outcome.rows());
        for (AwkwardFile.Has has : file.has()) {
            assertThat(importFixture.contact(has.email(), "email")).isEqualTo(has.email());
            assertThat(importFixture.contact(has.email(), has.column()))
                    .as("%s of %s", has.column(), has.email())
                    .isEqualTo(has.value());
        }
        for (String beginning : file.rejects()) {
            assertThat(outcome.rejects().split("\r\n"))
                    .anyMatch(line -> line.startsWith(beginning));
        }
    }

    private static void refused(AwkwardFile file) throws IOException {
        Refusal refusal =
                catchThrowableOfType(
                        Refusal.class,
                        () -> importFixture.importBytes(file.bytes(), file.options()));
        assertThat(refusal).isNotNull();
        assertThat(refusal.problem()).isEqualTo(file.problem());
        assertThat(importFixture.everybody()).isEmpty();
        assertThat(importFixture.stored()).isZero();
    }

    /** Small slices in any order: what a row comes to does not depend on who reads it when. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("small")
    void a_file_in_pieces_comes_to_the_same_figures_and_contacts(AwkwardFile file) {
        Outcome whole = importFixture.importBytes(file.bytes(), file.options());
        List<String> contacts = importFixture.everybody();
        importFixture.empty();

        Outcome pieces =
                importFixture.importBytes(
                        file.bytes(), file.options(), 1, ImportFixture.shuffled(7));

        assertThat(pieces.rows()).isEqualTo(whole.rows());
        assertThat(pieces.rejects()).isEqualTo(whole.rejects());
        assertThat(importFixture.everybody()).isEqualTo(contacts);
    }

    static List<AwkwardFile> small() {
        return files().stream()
                .filter(file -> file.problem() == null && file.bytes().length < 100_000)
                .toList();
    }

    static void assertAddsUp(ImportView.Rows rows) {
        assertThat(
                        rows.created()
                                + rows.updated()
                                + rows.unchanged()
                                + rows.duplicate()
                                + rows.rejected())
                .isEqualTo(rows.read());
    }
}
