package io.mailgenius.jobs.imports.files;

import static io.mailgenius.jobs.imports.XlsxBuilder.cell;
import static io.mailgenius.jobs.imports.XlsxBuilder.rows;
import static io.mailgenius.jobs.imports.XlsxBuilder.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.imports.XlsxBuilder;
import io.mailgenius.jobs.imports.XlsxBuilder.Content;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spreadsheets that are made to exhaust whoever reads them. They are read in a JVM whose whole heap
 * is as large as what one of them may take.
 */
class HostileSpreadsheetTest {

    private static final String HEAP = "-Xmx64m";
    private static final String SHEET = "xl/worksheets/sheet1.xml";
    private static final String STRINGS = "xl/sharedStrings.xml";

    @TempDir Path folder;

    /** Name, file, and the problem with which it is refused, or taken. */
    record Hostile(String name, XlsxBuilder xlsx, String problem) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Hostile> files() {
        String texts = "<c t='s'><v>0</v></c>".repeat(16_000);
        return List.of(
                damaged("a row beyond the last one", rows("<row r='2000000000'/>")),
                damaged("a row just beyond the last one", rows("<row r='1048577'/>")),
                damaged("a row beyond all numbers", rows("<row r='99999999999999999999'/>")),
                damaged("one row more than there can be", rows("<row r='1048576'/><row/>")),
                damaged("a column ZZZZZZ", rows("<row r='1'><c r='ZZZZZZ1'/></row>")),
                damaged("a column just beyond the last one", rows("<row><c r='XFE1'/></row>")),
                damaged("a column without letters", rows("<row><c r='12'/></row>")),
                damaged(
                        "more cells than columns",
                        rows("<row>" + "<c/>".repeat(16_385) + "</row>")),
                damaged(
                        "a column name without end",
                        rows("<row><c r='" + "A".repeat(400_000) + "'/></row>")),
                damaged(
                        "a format code of brackets",
                        cell("<c s='0'><v>1</v></c>").formats("[".repeat(100_000))),
                damaged(
                        "a format code of more brackets",
                        cell("<c s='0'><v>1</v></c>").formats("[".repeat(2_000_000))),
                taken(
                        "styles without end",
                        cell("<c s='0'><v>1</v></c>")
                                .part(
                                        "xl/styles.xml",
                                        repeated("<styleSheet><cellXfs>", "<xf/>", 4_000_000, ""))),
                damaged(
                        "a million texts of a megabyte",
                        cell("").part(STRINGS, strings(1 << 20, 200))),
                tooLarge("a million texts", cell("").part(STRINGS, strings(100_000, 1_000))),
                tooLarge(
                        "a million cells with one long text",
                        rows("<row>%s</row>".formatted("<c t='s'><v>0</v></c>").repeat(20_000))
                                .part(STRINGS, strings(100_000, 1))),
                tooLarge(
                        "wide rows with one long text",
                        rows("<row>%s</row>".formatted(texts).repeat(100))
                                .part(STRINGS, strings(100_000, 1))),
                tooLarge(
                        "rows of one cell in the last column",
                        rows("<row><c r='XFD1'><v>1</v></c></row>".repeat(20_000))),
                taken("hundreds of wide sheets to choose from", sheets(texts)),
                damaged("a zip bomb in an attribute", bomb("<row x='", "a", 1 << 27)),
                damaged("a zip bomb in a name", bomb("<", "a", 1 << 27)),
                damaged("a zip bomb in a comment", bomb("<!--", "a", 1 << 27)),
                damaged("a zip bomb in a text", bomb("<row><c><v>", "9", 1 << 27)),
                damaged("a zip bomb in an instruction", bomb("<?a ", "a", 1 << 27)),
                damaged("a zip bomb in the document type", bomb("<!DOCTYPE a [", " ", 1 << 27)),
                damaged("elements in each other without end", bomb("", "<row>", 20_000_000)),
                damaged("attributes without end", attributes()),
                damaged("names without end", names()),
                damaged("empty rows without end", bomb("", "<row/><!--a-->", 30_000_000)),
                tooLarge("elements without end", bomb("<row>", "<x/>", 100_000_000)),
                damaged(
                        "entities of entities",
                        cell("").part(
                                        SHEET,
                                        text(
                                                "<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]><worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"))),
                damaged(
                        "an entity of another file",
                        cell("").part(
                                        STRINGS,
                                        text(
                                                "<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><sst><si><t>&a;</t></si></sst>"))),
                damaged(
                        "a document type in the workbook",
                        cell("").part("xl/workbook.xml", text("<!DOCTYPE a><workbook/>"))));
    }

    private static Hostile damaged(String name, XlsxBuilder xlsx) {
        return new Hostile(name, xlsx, "import-file-damaged");
    }

    private static Hostile tooLarge(String name, XlsxBuilder xlsx) {
        return new Hostile(name, xlsx, "import-too-large");
    }

    private static Hostile taken(String name, XlsxBuilder xlsx) {
        return new Hostile(name, xlsx, "taken");
    }

    private static Content strings(int characters, int count) {
        return repeated("<sst>", "<si><t>" + "x".repeat(characters) + "</t></si>", count, "</sst>");
    }

    private static XlsxBuilder bomb(String beginning, String repeated, int bytes) {
        int count = bytes / repeated.length();
        return cell("").part(
                        SHEET, repeated("<worksheet><sheetData>" + beginning, repeated, count, ""));
    }

    private static Content repeated(String beginning, String repeated, int count, String end) {
        return out -> {
            out.write(beginning.getBytes(UTF_8));
            int atOnce = Math.max(1, Math.min(count, 100_000 / repeated.length()));
            byte[] many = repeated.repeat(atOnce).getBytes(UTF_8);
            for (int n = 0; n < count / atOnce; n++) {
                out.write(many);
            }
            out.write(end.getBytes(UTF_8));
        };
    }

    private static XlsxBuilder sheets(String cells) {
        XlsxBuilder xlsx = new XlsxBuilder().part(STRINGS, strings(60, 1));
        Content rows =
                repeated(
                        "<worksheet><sheetData>",
                        "<row>" + cells + "</row>",
                        1,
                        "</sheetData></worksheet>");
        for (int n = 0; n < 500; n++) {
            xlsx.sheet("Sheet" + n, null, rows);
        }
        return xlsx;
    }

    private static XlsxBuilder attributes() {
        StringBuilder attributes = new StringBuilder();
        for (int n = 0; n < 40_000; n++) {
            attributes.append(" a").append(n).append("=''");
        }
        return rows("<row" + attributes + "/>");
    }

    private static XlsxBuilder names() {
        return cell("").part(
                        SHEET,
                        out -> {
                            out.write("<worksheet><sheetData>".getBytes(UTF_8));
                            for (int n = 0; n < 500_000; n++) {
                                out.write(("<a%d/>".formatted(n)).getBytes(UTF_8));
                            }
                        });
    }

    /** Reads each file of a folder and prints its name, the problem and how long it took. */
    static final class Reading {

        private Reading() {}

        public static void main(String[] folder) throws IOException {
            try (var files = Files.list(Path.of(folder[0]))) {
                for (Path file : files.sorted().toList()) {
                    long start = System.nanoTime();
                    String problem = "taken";
                    try {
                        byte[] head;
                        try (InputStream in = Files.newInputStream(file)) {
                            head = in.readNBytes(64);
                        }
                        Container.of(file, head)
                                .text(
                                        file,
                                        ImportOptions.DEFAULT,
                                        new SheetReport(),
                                        in -> in.transferTo(OutputStream.nullOutputStream()));
                    } catch (Refusal refusal) {
                        problem = refusal.problem();
                    }
                    System.out.printf(
                            "%s %s %d%n",
                            file.getFileName(),
                            problem,
                            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                }
            }
        }
    }

    private Map<String, String> readInASmallJvm() throws Exception {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                HEAP,
                                "-XX:+ExitOnOutOfMemoryError",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Reading.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Map<String, String> problems = new TreeMap<>();
        for (String line :
                new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList()) {
            String[] words = line.split(" ");
            problems.put(words[0], words[1]);
        }
        assertThat(process.waitFor()).isZero();
        return problems;
    }

    @Test
    void hostile_files_are_refused_in_a_small_heap() throws Exception {
        List<Hostile> files = files();
        Map<String, String> expected = new TreeMap<>();
        for (int n = 0; n < files.size(); n++) {
            String name = "%02d-%s".formatted(n, files.get(n).name().replace(' ', '-'));
            Files.move(files.get(n).xlsx().file(folder), folder.resolve(name));
            expected.put(name, files.get(n).problem());
        }

        assertThat(readInASmallJvm()).isEqualTo(expected);
    }
}
