package io.mailgenius.jobs.imports.files;

import static io.mailgenius.jobs.imports.XlsxBuilder.cell;
import static io.mailgenius.jobs.imports.XlsxBuilder.text;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not read are called by their name, with what to do. */
class FileKindsTest {

    @TempDir Path folder;

    private Refusal refusal(byte[] content) throws IOException {
        Path file = Files.write(Files.createTempFile(folder, "test", ".xlsx"), content);
        Refusal refusal =
                catchThrowableOfType(
                        Refusal.class,
                        () ->
                                Container.of(
                                                file,
                                                Arrays.copyOf(
                                                        content, Math.min(64, content.length)))
                                        .text(
                                                file,
                                                ImportOptions.DEFAULT,
                                                new SheetReport(),
                                                in -> in.readAllBytes()));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static byte[] zip(String... namesAndContents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int n = 0; n < namesAndContents.length; n += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[n]));
                zip.write(namesAndContents[n + 1].getBytes(UTF_8));
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    /** A compound file with these streams in its directory, which lies in sectors 1, 3, 5 … */
    private static byte[] compound(String... streams) {
        int sectors = (streams.length + 3) / 4;
        ByteBuffer file =
                ByteBuffer.allocate(512 * (2 + 2 * sectors)).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0});
        file.putShort(30, (short) 9).putInt(48, 1).putInt(76, 0);
        for (int n = 0; n < sectors; n++) {
            int sector = 2 * n + 1;
            file.putInt(512 + sector * 4, n == sectors - 1 ? -2 : sector + 2);
        }
        for (int n = 0; n < streams.length; n++) {
            byte[] name = streams[n].getBytes(UTF_16LE);
            int at = 512 * (2 + 2 * (n / 4)) + n % 4 * 128;
            file.put(at, name).putShort(at + 64, (short) (name.length + 2));
        }
        return file.array();
    }

    @Test
    void strict_open_xml() throws IOException {
        Refusal refusal =
                refusal(
                        cell("").part(
                                        "xl/workbook.xml",
                                        text(
                                                "<workbook xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" conformance=\"strict\"><sheets/></workbook>"))
                                .bytes());

        assertThat(refusal.problem()).isEqualTo("import-is-strict-xlsx");
        assertThat(refusal).hasMessageContaining("Strict").hasMessageContaining("save it as");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spreadsheet", "spreadsheet-template"})
    void open_document(String kind) throws IOException {
        Refusal refusal =
                refusal(
                        zip(
                                "mimetype",
                                "application/vnd.oasis.opendocument." + kind,
                                "content.xml",
                                "<x/>"));

        assertThat(refusal.problem()).isEqualTo("import-is-open-document");
        assertThat(refusal).hasMessageContaining(".ods").hasMessageContaining(".xlsx");
    }

    @Test
    void an_open_document_that_is_no_table() throws IOException {
        assertThat(refusal(zip("mimetype", "application/vnd.oasis.opendocument.text")).problem())
                .isEqualTo("import-is-no-table");
    }

    @Test
    void apple_numbers() throws IOException {
        assertThat(refusal(zip("Index/Document.iwa", "x")))
                .hasMessageContaining("Numbers")
                .extracting("problem")
                .isEqualTo("import-is-numbers");
    }

    @Test
    void binary_excel() throws IOException {
        assertThat(refusal(zip("[Content_Types].xml", "<Types/>", "xl/workbook.bin", "x")))
                .hasMessageContaining(".xlsb")
                .extracting("problem")
                .isEqualTo("import-is-binary-excel");
    }

    @Test
    void word() throws IOException {
        Refusal refusal =
                refusal(
                        zip(
                                "[Content_Types].xml",
                                "<Types/>",
                                "_rels/.rels",
                                "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"word/document.xml\"/></Relationships>",
                                "word/document.xml",
                                "<w:document xmlns:w=\"w\"/>"));

        assertThat(refusal.problem()).isEqualTo("import-is-no-table");
    }

    @ParameterizedTest
    @CsvSource({
        "Workbook, import-is-old-excel, .xls",
        "Book, import-is-old-excel, .xls",
        "EncryptedPackage, import-is-encrypted, password",
        "WordDocument, import-is-no-table, Word"
    })
    void files_in_the_older_container(String stream, String problem, String says)
            throws IOException {
        for (byte[] file :
                new byte[][] {
                    compound("Root Entry", stream),
                    compound("Root Entry", "a", "b", "c", "d", "e", "f", "g", "h", stream)
                }) {
            Refusal refusal = refusal(file);
            assertThat(refusal.problem()).isEqualTo(problem);
            assertThat(refusal).hasMessageContaining(says);
        }
    }

    @Test
    void a_container_that_goes_round_in_circles_or_breaks_off_comes_to_an_end() throws IOException {
        byte[] file = compound("Root Entry");
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(512 + 4, 1);
        assertThat(refusal(file).problem()).isEqualTo("import-is-old-excel");
        assertThat(refusal(Arrays.copyOf(file, 20)).problem()).isEqualTo("import-is-old-excel");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body><table>",
                "\uFEFF<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>",
                "\n<!DOCTYPE html>",
                "<table border=1>"
            })
    void web_pages_and_xml_under_the_name_of_a_spreadsheet(String content) throws IOException {
        assertThat(refusal(content.getBytes(UTF_8)).problem()).isEqualTo("import-is-markup");
    }

    @Test
    void a_zip_with_a_password() throws IOException {
        byte[] zip = zip("contacts.csv", "email\n");
        int directory =
                new String(zip, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        zip[directory + 8] |= 1;

        assertThat(refusal(zip).problem()).isEqualTo("import-is-encrypted");
    }

    @Test
    void a_zip_of_more_files_than_its_directory_may_name() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int n = 0; n < 50; n++) {
                zip.putNextEntry(new ZipEntry("a".repeat(60_000) + n));
            }
        }
        byte[] few = out.toByteArray();
        assertThat(refusal(few)).hasMessageContaining("no .csv");
        ByteBuffer end = ByteBuffer.wrap(few).order(ByteOrder.LITTLE_ENDIAN);
        end.putInt(few.length - 22 + 12, 9 << 20);

        Refusal refusal = refusal(few);
        assertThat(refusal.problem()).isEqualTo("import-zip-of-several");
        assertThat(refusal).hasMessageContaining("list of files");
    }

    @Test
    void a_large_zip_that_names_more_files_than_its_directory_may() throws IOException {
        byte[] csv = zip("a.csv", "email\n");
        ByteBuffer file =
                ByteBuffer.allocate(csv.length - 22 + 56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
        file.put(csv, 0, csv.length - 22);
        int end64 = file.position();
        file.putInt(0x06064b50).putLong(44).position(end64 + 40);
        file.putLong(1L << 30).position(end64 + 56);
        file.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        file.putInt(0x06054b50).position(end64 + 76 + 12);
        file.putInt(-1);

        assertThat(refusal(file.array())).hasMessageContaining("list of files");
    }

    @Test
    void delimited_text_may_begin_with_an_angle_bracket() throws IOException {
        byte[] text = "<email>,x\n".getBytes(UTF_8);
        Path file = Files.write(folder.resolve("text"), text);

        assertThat(Container.of(file, text)).isEqualTo(Container.NONE);
    }
}
