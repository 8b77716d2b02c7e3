package io.mailgenius.jobs.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailgenius.engine.partitioning.OwnStep.StopCheck;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.FileHead;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The first step of an import: restartable anywhere, and told by the request as far as it can. */
class FilePreparationTest {

    private static final ImportOptions USUAL = ImportOptions.DEFAULT;
    private static final Charset WESTERN = Charset.forName("windows-1252");

    private static ImportFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new ImportFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @BeforeEach
    void empty() {
        fixture.empty();
    }

    @Test
    void until_the_step_has_run_nothing_is_known_of_the_file_but_its_size() {
        byte[] file = "email;nome\nada@example.com;João\n".getBytes(WESTERN);
        long id = fixture.received(file, USUAL);

        ImportStore.Stored stored = fixture.row(id);
        assertThat(stored.isPrepared()).isFalse();
        assertThat(stored.bytes()).isEqualTo(file.length);
        assertThat(stored.format()).isNull();

        prepare(id, StopCheck.NEVER);

        stored = fixture.row(id);
        assertThat(stored.isPrepared()).isTrue();
        assertThat(stored.format().encoding()).isEqualTo("windows-1252");
        assertThat(stored.layout().header()).containsExactly("email", "nome");
    }

    static Stream<byte[]> files_of_all_kinds() throws IOException {
        StringBuilder text = new StringBuilder("email,nome,pontos\n");
        for (int n = 0; n < 30_000; n++) {
            text.append("person").append(n).append("@example.com,João,").append(n).append('\n');
        }
        String rows = text.toString();
        return Stream.of(
                rows.getBytes(StandardCharsets.UTF_8),
                rows.getBytes(WESTERN),
                rows.getBytes(StandardCharsets.UTF_16LE),
                gzip(rows.getBytes(StandardCharsets.UTF_8)),
                gzip(rows.getBytes(WESTERN)));
    }

    /** Interrupted at each of its buffers in turn, it leaves the file alone and runs again. */
    @ParameterizedTest
    @MethodSource("files_of_all_kinds")
    void the_step_may_end_anywhere_and_runs_again(byte[] file) throws IOException {
        AtomicInteger checks = new AtomicInteger();
        long whole = fixture.received(file, USUAL);
        prepare(whole, checks::incrementAndGet);
        ImportStore.Stored expected = fixture.row(whole);
        long kept = fixture.stored();
        int all = checks.get();
        assertThat(all).isGreaterThan(2);

        for (int last = 1; last < all; last += Math.max(1, all / 25)) {
            long id = fixture.received(file, USUAL);
            AtomicInteger left = new AtomicInteger(last);
            assertThatThrownBy(
                            () ->
                                    prepare(
                                            id,
                                            () -> {
                                                if (left.decrementAndGet() == 0) {
                                                    throw new NodeIsGone();
                                                }
                                            }))
                    .isInstanceOf(NodeIsGone.class);
            assertThat(fixture.row(id).isPrepared()).isFalse();

            prepare(id, StopCheck.NEVER);

            ImportStore.Stored again = fixture.row(id);
            assertThat(again.sha256()).isEqualTo(expected.sha256());
            assertThat(again.layout()).isEqualTo(expected.layout());
            assertThat(again.dataBytes()).isEqualTo(expected.dataBytes());
            assertThat(text(again)).isEqualTo(text(expected));
            // One file for each import: neither the original nor half a text is left.
            assertThat(fixture.stored()).isEqualTo(++kept);
        }
    }

    /** A node that was taken for dead comes to its end after another one has. */
    @Test
    void of_two_nodes_that_prepare_the_same_file_one_counts() throws IOException {
        byte[] file = "email;nome\nada@example.com;João\n".getBytes(WESTERN);
        long id = fixture.received(file, USUAL);
        AtomicInteger checks = new AtomicInteger();

        prepare(
                id,
                () -> {
                    // At its last buffer: the original is read already, the text half written.
                    if (checks.incrementAndGet() == 3) {
                        prepare(id, StopCheck.NEVER);
                    }
                });

        assertThat(checks.get()).isGreaterThanOrEqualTo(3);
        ImportStore.Stored stored = fixture.row(id);
        assertThat(text(stored)).isEqualTo("email;nome\nada@example.com;João\n");
        assertThat(fixture.stored()).isEqualTo(1);
    }

    @Test
    void a_refusal_is_kept_with_the_import_and_repeated_when_the_job_is_restarted()
            throws IOException {
        byte[] packed = gzip("email\nada@example.com\n".repeat(1_000).getBytes(WESTERN));
        byte[] torn = Arrays.copyOf(packed, packed.length - 30);
        long id = fixture.received(torn, USUAL);

        Refusal.Invalid first = refusal(id);

        assertThat(first.problem()).isEqualTo("import-file-damaged");
        assertThat(fixture.row(id).problem()).isEqualTo("import-file-damaged");
        assertThat(fixture.row(id).error()).isEqualTo(first.getMessage());
        assertThat(fixture.stored()).isZero();
        Refusal.Invalid again = refusal(id);
        assertThat(again.problem()).isEqualTo(first.problem());
        assertThat(again).hasMessage(first.getMessage());
    }

    @Test
    void a_file_that_another_node_does_not_see_fails_the_step_and_not_the_file()
            throws IOException {
        byte[] file = "email\nada@example.com\n".getBytes(WESTERN);
        long id = fixture.received(file, USUAL);
        var path = fixture.folder.resolve(fixture.row(id).storageKey());
        var away = fixture.folder.resolveSibling(path.getFileName() + ".away");
        Files.move(path, away);

        assertThatThrownBy(() -> prepare(id, StopCheck.NEVER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MAILGENIUS_SHARED_DIR");

        Files.move(away, path);
        prepare(id, StopCheck.NEVER);
        assertThat(fixture.row(id).isPrepared()).isTrue();
    }

    private static final String PADDING = "x,y,z\n".repeat(1 + 5 * FileHead.HEAD / 6);

    /** What the start of a large file tells, the request refuses as it always did. */
    @Test
    void the_start_of_a_large_file_is_enough_for_a_refusal() throws IOException {
        byte[] plain = ("name,city,plan\n" + PADDING).getBytes(StandardCharsets.UTF_8);
        for (byte[] file :
                new byte[][] {
                    plain,
                    gzip(plain),
                    ("name,city,plan\n" + PADDING).getBytes(StandardCharsets.UTF_16LE),
                    ("name,cité,plan\n" + PADDING).getBytes(StandardCharsets.UTF_8)
                }) {
            assertThat(fixture.check(file, USUAL))
                    .isNotNull()
                    .extracting(Refusal::problem)
                    .isEqualTo("import-has-no-email-column");
        }
        String rows = "email,city\n" + "a@example.com,Ulm\n".repeat(200_000);
        assertThat(fixture.check(bytes(rows), USUAL)).isNull();
        assertThat(
                        fixture.check(
                                bytes(rows),
                                OptionsOfTests.of("{'mapping': {'Plan': 'attributes.plan'}}")))
                .isNotNull()
                .extracting(Refusal::problem)
                .isEqualTo("import-mapping-names-no-column");
    }

    /** What bytes further on may decide otherwise is left to the job. */
    @Test
    void the_request_does_not_guess_an_encoding_from_half_of_the_evidence() throws IOException {
        String rows = "email,Situação\n" + "a@example.com,não\n".repeat(200_000);
        ImportOptions options = OptionsOfTests.of("{'mapping': {'Situação': 'attributes.s'}}");
        assertThat(fixture.check(rows.getBytes(Charset.forName("x-MacRoman")), options)).isNull();
        assertThat(fixture.check(rows.getBytes(WESTERN), options)).isNull();
        assertThat(fixture.check(bytes(rows), options)).isNull();
    }

    static Stream<AwkwardFile> awkward() {
        return AwkwardFiles.all().stream();
    }

    /** It may see less than the job does, and never anything else. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("awkward")
    void the_request_refuses_nothing_that_the_job_would_take(AwkwardFile file) {
        Refusal.Invalid early = fixture.check(file.bytes(), file.options());
        if (early != null) {
            long id = fixture.received(file.bytes(), file.options());
            Refusal.Invalid late = refusal(id);
            assertThat(late.problem()).isEqualTo(early.problem());
            assertThat(late).hasMessage(early.getMessage());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Refusal.Invalid refusal(long id) {
        return catchThrowableOfType(Refusal.Invalid.class, () -> prepare(id, StopCheck.NEVER));
    }

    private static void prepare(long id, StopCheck stop) {
        fixture.doors.in(
                () -> {
                    fixture.preparation().prepare(id, stop);
                    return id;
                });
    }

    private static String text(ImportStore.Stored stored) {
        try {
            return Files.readString(fixture.folder.resolve(stored.storageKey()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text);
        }
        return packed.toByteArray();
    }

    /** The node dies there. */
    private static final class NodeIsGone extends RuntimeException {}
}
