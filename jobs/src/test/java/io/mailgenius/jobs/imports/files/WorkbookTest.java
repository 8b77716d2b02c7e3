package io.mailgenius.jobs.imports.files;

import static io.mailgenius.jobs.imports.XlsxBuilder.cell;
import static io.mailgenius.jobs.imports.XlsxBuilder.row;
import static io.mailgenius.jobs.imports.XlsxBuilder.rows;
import static io.mailgenius.jobs.imports.XlsxBuilder.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailgenius.jobs.imports.FileNormalizer;
import io.mailgenius.jobs.imports.FileSample;
import io.mailgenius.jobs.imports.XlsxBuilder;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.storage.FolderStorage;
import io.mailgenius.jobs.imports.values.WrittenDate;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the cells and sheets of spreadsheets. */
class WorkbookTest {

    @TempDir Path folder;

    private final SheetReport report = new SheetReport();

    private String read(XlsxBuilder xlsx) {
        return read(xlsx, null);
    }

    private String read(XlsxBuilder xlsx, String sheet) {
        try {
            Path file = xlsx.file(folder);
            assertThat(Container.of(file, Files.readAllBytes(file))).isEqualTo(Container.XLSX);
            return Workbook.text(
                    file,
                    sheet,
                    report,
                    in -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the second cell of the second row comes to. */
    private String value(XlsxBuilder xlsx) {
        String prefix = "email,value\na@example.com,";
        String text = read(xlsx);
        assertThat(text).startsWith(prefix).endsWith("\n");
        return text.substring(prefix.length(), text.length() - 1);
    }

    private Refusal refusal(XlsxBuilder xlsx) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(xlsx));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<c r='B2'><v>19.989999999999998</v></c>|19.99",
                "<c r='B2' t='n'><v>7</v></c>|7",
                "<c r='B2' t='s'><v>0</v></c>|shared",
                "<c r='B2' t='str'><v>a formula's text</v></c>|a formula's text",
                "<c r='B2' t='inlineStr'><is><r><t>in </t></r><r><t>line</t></r></is></c>|in line",
                "<c r='B2' t='b'><v>1</v></c>|true",
                "<c r='B2' t='b'><v>0</v></c>|false",
                "<c r='B2' t='d'><v>2024-03-05T00:00:00</v></c>|2024-03-05",
                "<c r='B2' t='e'><v>#N/A</v></c>|``",
                "<c r='B2'><f>SUM(A1:A3)</f><v>302</v></c>|302",
                "<c r='B2'><f t='shared' ref='B2:B9' si='0'>A2*2</f><v>12.5</v></c>|12.5",
                "<c r='B2'><f t='shared' si='0'/><v>12.5</v></c>|12.5",
                "<c r='B2'><f t='array' ref='B2'>SUM(A1:A3*2)</f><v>1E3</v></c>|1000",
                "<c r='B2' t='str'><f>A1&amp;\"x\"</f><v>ax</v></c>|ax",
                "<c r='B2' t='b'><f>TRUE()</f><v>1</v></c>|true",
                "<c r='B2' t='e'><f>1/0</f><v>#DIV/0!</v></c>|``",
                "<c r='B2' t='s'><v/></c>|``",
                "<c r='B2' s='9'/>|``",
                "<c><v>5</v></c>|5",
                "<c r='b2'><v>5</v></c>|5",
                "<c r='B2' t='n'><v>n/a</v></c>|n/a",
                "<c r='B2' t='inlineStr'><is><t>Ana_x000D_</t></is></c>|Ana",
                "<c r='B2' t='inlineStr'><is><t>a_x0041_b_x005F_x0041_</t></is></c>|aAb_x0041_",
                "<c r='B2' t='inlineStr'><is><t>_xD83D__xDE00_</t></is></c>|\uD83D\uDE00",
                "<c r='B2' t='inlineStr'><is><t>_x00_ _xZZZZ_ x_x</t></is></c>|_x00_ _xZZZZ_ x_x",
                "<c r='B2' t='s'><v>1</v></c>|東京",
                "<c r='B2' t='inlineStr'><is><t>1 &lt; 2 &#x26; <![CDATA[<3]]></t></is></c>|1 < 2 & <3",
                "<c r='B2' t='str'><v>with, comma</v></c>|\"with, comma\""
            })
    void every_kind_of_cell_comes_to_the_text_that_it_shows(String cell, String shown) {
        XlsxBuilder xlsx =
                cell(cell)
                        .sharedStrings(
                                "<si><t>shared</t></si>"
                                        + "<si><r><t>東</t></r><r><t>京</t></r>"
                                        + "<rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"1\"/></si>");

        assertThat(value(xlsx)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "45356|d \"de\" mmmm \"de\" yyyy|2024-03-05",
                "45356.5|dd/mm/yyyy hh:mm|2024-03-05T12:00",
                "1234.5|#,##0.00\\ _E_s_c_.|1234.5",
                "1.5|[h]:mm|36:00",
                "1234|00000|01234"
            })
    void a_number_is_what_its_format_says(String number, String format, String shown) {
        assertThat(
                        value(
                                cell("<c r='B2' s='1'><v>%s</v></c>".formatted(number))
                                        .formats("General", format)))
                .isEqualTo(shown);
    }

    @Test
    void a_date_of_the_import_is_understood_by_columns_of_dates() {
        for (String serial : List.of("45356", "45356.604166666664")) {
            String shown =
                    value(
                            cell("<c r='B2' s='0'><v>%s</v></c>".formatted(serial))
                                    .formats("dd/mm/yyyy hh:mm"));
            assertThat(WrittenDate.of(shown))
                    .isInstanceOfSatisfying(
                            WrittenDate.Exact.class,
                            date -> assertThat(date.iso()).startsWith("2024-03-05"));
        }
    }

    @Test
    void without_a_part_of_styles_numbers_are_numbers() {
        assertThat(value(cell("<c r='B2' s='3'><v>45356</v></c>"))).isEqualTo("45356");
    }

    @Test
    void a_format_that_is_known_by_its_number_needs_no_code() {
        XlsxBuilder xlsx =
                cell("<c r='B2' s='1'><v>45356</v></c>")
                        .styles("<cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs>");

        assertThat(value(xlsx)).isEqualTo("2024-03-05");
    }

    @ParameterizedTest
    @ValueSource(strings = {"date1904=\"1\"", "date1904=\"true\""})
    void a_workbook_may_count_its_days_from_1904(String properties) {
        XlsxBuilder xlsx =
                cell("<c r='B2' s='0'><v>43894</v></c>")
                        .formats("dd/mm/yyyy")
                        .properties(properties);

        assertThat(value(xlsx)).isEqualTo("2024-03-05");
    }

    @Test
    void errors_and_formulas_without_values_are_counted_and_named() {
        read(
                rows(
                        row(1, "email", "x", "y")
                                + "<row r='2'><c t='str'><v>a@example.com</v></c><c t='e'><v>#N/A</v></c><c><f>1+1</f></c></row>"
                                + "<row r='7'><c t='str'><v>b@example.com</v></c><c t='e'><v>#REF!</v></c></row>"));

        assertThat(report.warnings())
                .containsExactly(
                        "2 cells have errors (the first is #N/A in B2) and count as empty.",
                        "1 cell has a formula without a value (C2) and counts as empty: open the file in a spreadsheet program and save it, which calculates it.");
    }

    @Test
    void the_preview_lists_the_sheets_and_counts_the_errors() throws IOException {
        XlsxBuilder xlsx =
                new XlsxBuilder()
                        .sheet("Old", "hidden", people("old@example.com"))
                        .sheet(
                                "People",
                                null,
                                row(1, "email", "x")
                                        + "<row r='2'><c t='str'><v>a@example.com</v></c><c t='e'><v>#N/A</v></c></row>");

        FileNormalizer fileNormalizer =
                new FileNormalizer(new FolderStorage(folder.resolve("uploads")));
        FileNormalizer.Taken looked;
        try (InputStream content = Files.newInputStream(xlsx.file(folder))) {
            looked = fileNormalizer.look(content, ImportOptions.DEFAULT);
        }

        assertThat(looked.report().sheets())
                .containsExactly(
                        new PreviewSheet("Old", true, false),
                        new PreviewSheet("People", false, true));
        assertThat(looked.format().sheet()).isEqualTo("People");
        assertThat(FileSample.of(looked, ImportOptions.DEFAULT).warnings())
                .contains("1 cell has an error (#N/A in B2) and counts as empty.");
    }

    @Test
    void lines_are_the_rows_that_the_spreadsheet_shows() {
        assertThat(
                        read(
                                rows(
                                        row(3, "email", "city")
                                                + row(4, "a@example.com")
                                                + "<row r='5'><c s='1'/></row>"
                                                + row(7, "b@example.com", "", "x"))))
                .isEqualTo("\n\nemail,city\na@example.com,\n\n\nb@example.com,,x\n");
    }

    @Test
    void rows_and_cells_need_not_say_where_they_are() {
        assertThat(
                        read(
                                rows(
                                        "<row><c t='str'><v>email</v></c><c r='D1' t='str'><v>d</v></c><c t='str'><v>e</v></c></row>"
                                                + "<row><c t='str'><v>a@example.com</v></c></row>")))
                .isEqualTo("email,,,d,e\na@example.com,,,,\n");
    }

    @Test
    void the_last_cell_of_the_largest_sheet_is_read() {
        String text =
                read(rows("<row r='1048576'><c r='XFD1048576' t='str'><v>last</v></c></row>"));

        assertThat(text).hasSize(1_048_575 + 16_383 + "last\n".length()).endsWith(",last\n");
    }

    @Test
    void prefixes_of_the_elements_do_not_matter() {
        XlsxBuilder xlsx =
                cell("").part(
                                "xl/worksheets/sheet1.xml",
                                text(
                                        "<x:worksheet xmlns:x=\"%s\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"
                                                .formatted(XlsxBuilder.MAIN)));

        assertThat(read(xlsx)).isEqualTo("1\n");
    }

    @Test
    void a_part_may_be_in_utf_16() {
        String sheet =
                "\uFEFF<?xml version=\"1.0\" encoding=\"UTF-16\"?><worksheet><sheetData>%s</sheetData></worksheet>"
                        .formatted(row(1, "São"));
        XlsxBuilder xlsx =
                cell("").part(
                                "xl/worksheets/sheet1.xml",
                                out -> out.write(sheet.getBytes(StandardCharsets.UTF_16LE)));

        assertThat(read(xlsx)).isEqualTo("São\n");
    }

    @Test
    void the_first_visible_sheet_with_addresses_is_read() {
        XlsxBuilder xlsx =
                new XlsxBuilder()
                        .sheet("Lookup", "hidden", people("hidden@example.com"))
                        .sheet("Secrets", "veryHidden", people("secret@example.com"))
                        .sheet("Empty", null, "")
                        .sheet("Cover", null, row(1, "Questions to", "help@example.com"))
                        .sheet("Figures", "visible", row(1, "total", "12"))
                        .sheet("People", null, people("a@example.com"))
                        .sheet("More", null, people("b@example.com"));

        assertThat(read(xlsx)).isEqualTo("email\na@example.com\n");
        assertThat(report.sheet()).isEqualTo("People");
        assertThat(report.sheets())
                .containsExactly(
                        new PreviewSheet("Lookup", true, false),
                        new PreviewSheet("Secrets", true, false),
                        new PreviewSheet("Empty", false, false),
                        new PreviewSheet("Cover", false, false),
                        new PreviewSheet("Figures", false, false),
                        new PreviewSheet("People", false, true),
                        new PreviewSheet("More", false, false));
        assertThat(report.warnings())
                .containsExactly(
                        "Of 5 sheets only \"People\" is read: the option sheet names another one.");
    }

    private static String people(String address) {
        return row(1, "email") + row(2, address);
    }

    @Test
    void addresses_without_a_header_are_found_too() {
        XlsxBuilder xlsx =
                new XlsxBuilder()
                        .sheet("Cover", null, row(1, "Questions to", "help@example.com"))
                        .sheet("People", null, row(1, "a@example.com") + row(2, "b@example.com"));

        assertThat(read(xlsx)).startsWith("a@example.com");
    }

    @Test
    void without_addresses_anywhere_the_first_visible_sheet_with_rows_is_read() {
        XlsxBuilder xlsx =
                new XlsxBuilder()
                        .sheet("Hidden", "hidden", row(1, "h"))
                        .sheet("Empty", null, "")
                        .sheet("Rows", null, row(1, "x"));

        assertThat(read(xlsx)).isEqualTo("x\n");
    }

    @Test
    void a_hidden_sheet_is_read_if_it_is_named() {
        XlsxBuilder xlsx =
                new XlsxBuilder()
                        .sheet("People", null, people("a@example.com"))
                        .sheet("Old", "hidden", people("old@example.com"));

        assertThat(read(xlsx, "Old")).isEqualTo("email\nold@example.com\n");
        assertThat(read(xlsx, " old ")).isEqualTo("email\nold@example.com\n");
        assertThat(report.warnings()).isEmpty();
    }

    static Stream<XlsxBuilder> misnamed() {
        String rels =
                "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"%s\"/></Relationships>";
        return Stream.of(
                cell("").part("xl/_rels/workbook.xml.rels", text("<Relationships/>")),
                cell("").part(
                                "xl/_rels/workbook.xml.rels",
                                text(rels.formatted("/xl/worksheets/Sheet1.xml"))),
                cell("").part(
                                "xl/_rels/workbook.xml.rels",
                                text(rels.formatted("../xl/./worksheets\\sheet1.xml"))));
    }

    @ParameterizedTest
    @MethodSource("misnamed")
    void parts_are_found_where_writers_put_them(XlsxBuilder xlsx) {
        assertThat(read(xlsx)).startsWith("email,value\n");
    }

    @Test
    void a_workbook_may_lie_anywhere() {
        XlsxBuilder xlsx =
                cell("").part(
                                "_rels/.rels",
                                text(
                                        "<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" Target=\"/xl/workbook2.xml\"/></Relationships>"))
                        .part(
                                "xl/workbook2.xml",
                                text(
                                        "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"))
                        .part("xl/workbook.xml", text("<nothing/>"));

        assertThat(read(xlsx)).startsWith("email,value\n");
    }

    @Test
    void a_text_that_is_longer_than_a_value_may_be_is_left_too_long_and_nothing_more() {
        XlsxBuilder xlsx =
                cell("<c r='B2' t='s'><v>0</v></c>")
                        .sharedStrings("<si><t>%s</t></si>".formatted("x".repeat(200_000)));

        assertThat(value(xlsx)).hasSize(100_001);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<c r='B2' t='s'><v>7</v></c>",
                "<c r='B2' t='s'><v>-1</v></c>",
                "<c r='B2' t='s'><v>x</v></c>",
                "<c r='B2'><v>1</v>",
                "<c r='B2'><v>&nbsp;</v></c>"
            })
    void a_damaged_sheet_says_where_it_is_damaged(String cell) {
        Refusal refusal = refusal(cell(cell));

        assertThat(refusal.problem()).isEqualTo("import-file-damaged");
        assertThat(refusal).hasMessageContaining("save it again");
    }

    @Test
    void nothing_is_left_in_the_folder() throws IOException {
        Path file =
                cell("<c r='B2' t='s'><v>0</v></c>")
                        .sharedStrings("<si><t>x</t></si>")
                        .file(folder);

        Workbook.text(
                file,
                null,
                report,
                in -> {
                    in.readAllBytes();
                    return assertAlone(file);
                });
        assertAlone(file);
    }

    private boolean assertAlone(Path file) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
        return true;
    }
}
