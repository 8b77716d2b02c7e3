package io.mailgenius.jobs.imports.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.imports.storage.FolderStorage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** Wherever a file is cut, its slices say what the whole says, line by line. */
class SliceReaderTest {

    private static final Dialect COMMAS = new Dialect(',');
    private static final int FIRST_LINE = 2;

    @TempDir Path folder;

    /** A row as it is told to people: where it begins, and its values. */
    private record Row(long line, List<String> values) {}

    @Test
    void a_line_break_inside_quotes_is_no_end() throws Exception {
        assertThat(slices("a,\"x\ny\"\nb,z\n", 1)).containsExactly("a,\"x\ny\"\n", "b,z\n");
    }

    @Test
    void a_doubled_quote_closes_nothing() throws Exception {
        assertThat(slices("a,\"x\"\"\ny\"\nb,\"\"\nc,z\n", 1))
                .containsExactly("a,\"x\"\"\ny\"\n", "b,\"\"\n", "c,z\n");
    }

    @Test
    void a_carriage_return_stays_with_its_line_feed() throws Exception {
        assertThat(slices("a,x\r\nb,\"y\r\nz\"\r\nc,x\r\n", 1))
                .containsExactly("a,x\r\n", "b,\"y\r\nz\"\r\n", "c,x\r\n");
    }

    @Test
    void a_carriage_return_alone_ends_a_line_too() throws Exception {
        assertThat(slices("a,x\rb,\"y\rz\"\rc,x\r", 1))
                .containsExactly("a,x\r", "b,\"y\rz\"\r", "c,x\r");
    }

    @Test
    void a_quote_in_the_middle_of_a_value_opens_nothing() throws Exception {
        assertThat(slices("a,5\" pipe\nb, \"x\nc,\"y\"z\"\nd,w\n", 1))
                .containsExactly("a,5\" pipe\n", "b, \"x\n", "c,\"y\"z\"\n", "d,w\n");
    }

    @Test
    void the_last_line_needs_no_end() throws Exception {
        assertThat(slices("a,x\nb,y", 1)).containsExactly("a,x\n", "b,y");
        assertThat(slices("a,x\nb,\"y\"", 1)).containsExactly("a,x\n", "b,\"y\"");
        assertThat(slices("a,x\nb,y", 1_000)).containsExactly("a,x\nb,y");
    }

    @Test
    void a_quote_that_is_never_closed_costs_its_own_line_only() throws Exception {
        String file = "a,x\nb,\"torn\nc,y\nd,w\n";

        assertThat(slices(file, 1)).containsExactly("a,x\n", "b,\"torn\n", "c,y\n", "d,w\n");
        assertThat(read(file, COMMAS, 1).stream().map(Slice::line).toList())
                .containsExactly(2L, 3L, 4L, 5L);
        assertThat(rows(file, FIRST_LINE, COMMAS).stream().map(Row::values).toList())
                .containsExactly(
                        List.of("a", "x"), List.of("TORN"), List.of("c", "y"), List.of("d", "w"));
    }

    @Test
    void a_quote_that_only_the_next_quoted_value_seems_to_close_costs_its_own_line_only()
            throws Exception {
        String file = "a,\"torn\nb,x\nc,\"y\"\nd,w\n";

        assertThat(slices(file, 1)).containsExactly("a,\"torn\n", "b,x\n", "c,\"y\"\n", "d,w\n");
    }

    @Test
    void a_torn_line_far_from_the_next_quote_costs_itself_only() throws Exception {
        String file =
                "a,\"torn\n" + "b,x\n".repeat(RecordScanner.MAX_RECORD / 4) + "c,\"y\"\nd,z\n";
        List<Slice> slices = read(file, COMMAS, 8);

        assertThat(slices.getFirst()).isEqualTo(new Slice(0, 8, FIRST_LINE, null));
        assertThat(slices.getLast())
                .isEqualTo(
                        new Slice(
                                file.length() - 10,
                                file.length(),
                                FIRST_LINE + RecordScanner.MAX_RECORD / 4 + 1,
                                null));
    }

    @Test
    void a_quote_that_stays_open_for_longer_than_is_followed_costs_its_own_line_only()
            throws Exception {
        String file = "a,\"torn\n" + "b,x\n".repeat(RecordScanner.MAX_QUOTED / 4 + 1);
        List<Slice> slices = read(file, COMMAS, 1 << 20);

        assertThat(slices).allSatisfy(slice -> assertThat(slice.fault()).isNull());
        assertThat(slices.getLast().to()).isEqualTo(file.length());
        assertThat(rows(text(file, slices.getFirst()), FIRST_LINE, COMMAS).subList(0, 2))
                .containsExactly(new Row(2, List.of("TORN")), new Row(3, List.of("b", "x")));
    }

    @Test
    void a_value_of_ten_megabytes_is_a_slice_of_its_own_and_the_rest_goes_on() throws Exception {
        String file = "a,x\nb,\"" + "y\n".repeat(5 << 20) + "\"\nc,z\n";

        assertThat(read(file, COMMAS, 1 << 20))
                .containsExactly(
                        new Slice(0, 4, FIRST_LINE, null),
                        new Slice(4, file.length() - 4, 3, SliceReader.TOO_LONG),
                        new Slice(file.length() - 4, file.length(), 4 + (5 << 20), null));
    }

    @Test
    void a_line_that_never_ends_is_not_held_in_memory_and_the_rest_goes_on() throws Exception {
        int length = 3 * RecordScanner.MAX_QUOTED;
        String file = "a,x\nb" + "y".repeat(length) + "\r\nc,z\n";

        List<Slice> slices = read(file, COMMAS, 1 << 20);

        assertThat(slices)
                .containsExactly(
                        new Slice(0, 4, FIRST_LINE, null),
                        new Slice(4, 4 + length + 3, 3, SliceReader.TOO_LONG),
                        new Slice(4 + length + 3, file.length(), 4, null));
        assertThat(slices.get(1).bytes()).isLessThan(100_000);
    }

    @Test
    void wherever_it_is_cut_the_rows_are_those_of_the_whole() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            Dialect dialect = new Dialect(",;\t|".charAt(random.nextInt(4)));
            String file = randomFile(random, dialect.delimiter());
            List<Row> whole = rows(file, FIRST_LINE, dialect);
            int bytes = file.getBytes(StandardCharsets.UTF_8).length;
            for (int target = 1; target <= bytes + 1; target++) {
                List<Row> pieces = new ArrayList<>();
                long at = 0;
                for (Slice slice : read(file, dialect, target)) {
                    assertThat(slice.fault()).isNull();
                    assertThat(slice.from()).isEqualTo(at);
                    at = slice.to();
                    pieces.addAll(rows(text(file, slice), slice.line(), dialect));
                }
                assertThat(at).isEqualTo(bytes);
                assertThat(pieces)
                        .as("seed %d, round %d, target %d, file <%s>", seed, round, target, file)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void a_restart_at_any_slice_goes_on_with_the_same_slices() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            String torn = random.nextBoolean() ? "" : "x,\"never closed\n";
            String file = randomFile(random, ',') + "\n" + torn + randomFile(random, ',') + torn;
            List<Slice> slices = read(file, COMMAS, 8);
            for (int done = 0; done <= slices.size(); done++) {
                assertThat(readInTwoLives(file, 8, done))
                        .as("seed %d, round %d, after %d of <%s>", seed, round, done, file)
                        .isEqualTo(slices);
            }
        }
    }

    @Test
    void a_restart_beside_a_record_that_is_too_long_neither_skips_nor_repeats_it()
            throws Exception {
        String file = "a,x\nb," + "y".repeat(RecordScanner.MAX_RECORD) + "\nc,z\n";
        List<Slice> slices = read(file, COMMAS, 1 << 20);

        assertThat(slices).hasSize(3);
        for (int done = 0; done <= slices.size(); done++) {
            assertThat(readInTwoLives(file, 1 << 20, done)).as("after %d", done).isEqualTo(slices);
        }
    }

    private List<Slice> readInTwoLives(String file, int target, int done) throws IOException {
        ExecutionContext context = new ExecutionContext();
        List<Slice> slices = new ArrayList<>();
        SliceReader first = open(file, COMMAS, target, context);
        for (int n = 0; n < done; n++) {
            slices.add(first.read());
        }
        first.update(context);
        first.close();
        SliceReader second = open(file, COMMAS, target, context);
        for (Slice slice = second.read(); slice != null; slice = second.read()) {
            slices.add(slice);
        }
        second.close();
        return slices;
    }

    private List<Slice> read(String file, Dialect dialect, int target) throws IOException {
        SliceReader reader = open(file, dialect, target, new ExecutionContext());
        List<Slice> slices = new ArrayList<>();
        for (Slice slice = reader.read(); slice != null; slice = reader.read()) {
            slices.add(slice);
        }
        reader.close();
        return slices;
    }

    private List<String> slices(String file, int target) throws IOException {
        return read(file, COMMAS, target).stream().map(slice -> text(file, slice)).toList();
    }

    private SliceReader open(String file, Dialect dialect, int target, ExecutionContext context)
            throws IOException {
        Files.writeString(folder.resolve("file.csv"), file);
        SliceReader reader =
                new SliceReader(
                        new FolderStorage(folder), "file.csv", 0, FIRST_LINE, target, dialect);
        reader.open(context);
        return reader;
    }

    private static String text(String file, Slice slice) {
        byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
        return new String(
                bytes,
                (int) slice.from(),
                (int) (slice.to() - slice.from()),
                StandardCharsets.UTF_8);
    }

    /** As a worker reads a slice, and where it believes each row to begin. */
    private static List<Row> rows(String text, long firstLine, Dialect dialect) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        RecordScanner scanner = new RecordScanner(dialect);
        List<Row> rows = new ArrayList<>();
        int at = 0;
        long line = firstLine;
        while (true) {
            switch (scanner.next(bytes, at, bytes.length, true)) {
                case RECORD -> rows.add(new Row(line, Dialect.values(scanner, bytes)));
                case TORN -> rows.add(new Row(line, List.of("TORN")));
                case TOO_LONG -> rows.add(new Row(line, List.of("TOO LONG")));
                case MORE, NOTHING -> {
                    return rows;
                }
            }
            at = scanner.end();
            line += scanner.lines();
        }
    }

    /** A library that others trust reads a whole file in the same way, where nothing is torn. */
    @Test
    void what_is_not_torn_is_read_as_others_read_it() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int compared = 0;
        for (int round = 0; round < 3_000; round++) {
            Dialect dialect = new Dialect(",;\t|".charAt(random.nextInt(4)));
            String file = randomFile(random, dialect.delimiter());
            List<Row> ours = rows(file, FIRST_LINE, dialect);
            if (ours.stream().noneMatch(row -> row.values().equals(List.of("TORN")))) {
                compared++;
                assertThat(ours)
                        .as("seed %d, round %d, file <%s>", seed, round, file)
                        .isEqualTo(theirs(file, dialect));
            }
        }
        assertThat(compared).isGreaterThan(1_000);
    }

    private static List<Row> theirs(String text, Dialect dialect) throws IOException {
        CSVFormat format =
                CSVFormat.RFC4180
                        .builder()
                        .setDelimiter(dialect.delimiter())
                        .setIgnoreEmptyLines(false)
                        .setTrailingData(true)
                        .setLenientEof(true)
                        .get();
        List<Row> rows = new ArrayList<>();
        try (CSVParser parser = format.parse(new StringReader(text))) {
            long line = FIRST_LINE;
            for (CSVRecord record : parser) {
                rows.add(new Row(line, record.toList()));
                line = FIRST_LINE + parser.getCurrentLineNumber();
            }
        }
        return rows;
    }

    /** Of the bytes that mean something, and of some that do not; some quotes are torn. */
    private static String randomFile(Random random, char delimiter) {
        String[] ends = {"\n", "\r\n", "\r"};
        String[] plain = {"a", "é", "😀", " ", "x\"y", "b\"", ""};
        String[] quoted = {"a", "\n", "\r\n", "\r", "\"\"", "" + delimiter, "ü", ""};
        StringBuilder file = new StringBuilder();
        int records = 1 + random.nextInt(6);
        for (int n = 0; n < records; n++) {
            int values = 1 + random.nextInt(3);
            for (int v = 0; v < values; v++) {
                if (v > 0) {
                    file.append(delimiter);
                }
                if (random.nextBoolean()) {
                    file.append('"');
                    for (int p = random.nextInt(4); p > 0; p--) {
                        file.append(quoted[random.nextInt(quoted.length)]);
                    }
                    file.append('"').append(random.nextInt(4) == 0 ? "z\"" : "");
                } else {
                    for (int p = random.nextInt(3); p > 0; p--) {
                        String piece = plain[random.nextInt(plain.length)];
                        file.append(piece);
                    }
                }
            }
            if (n < records - 1 || random.nextBoolean()) {
                file.append(ends[random.nextInt(ends.length)]);
            }
        }
        return file.toString();
    }
}
