package io.mailgenius.bench.chaos;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files that are small when sent, and expensive for a reader that trusts what they declare. */
enum HostileFile {
    ROW_FAR_AWAY("a row 2,000,000,000", "rows.xlsx") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            sheet(out, "", row("2000000000", "A2000000000"));
        }
    },
    COLUMN_FAR_AWAY("a column ZZZZZZ", "columns.xlsx") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            sheet(out, "", row("2", "ZZZZZZ2"));
        }
    },
    ROWS_WITHOUT_END("2,000,000 empty rows", "many.xlsx") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            sheet(out, "", "<row/>".repeat(2_000_000));
        }
    },
    FORMAT_CODE("a format code of 100,000 brackets", "format.xlsx") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            String styles =
                    "<numFmts count=\"1\"><numFmt numFmtId=\"200\" formatCode=\""
                            + "[".repeat(100_000)
                            + "\"/></numFmts><cellXfs count=\"1\"><xf numFmtId=\"200\"/></cellXfs>";
            sheet(out, styles, "<row r=\"2\"><c r=\"A2\" s=\"0\"><v>1</v></c></row>");
        }
    },
    SHARED_STRINGS("300 shared strings of a megabyte", "strings.xlsx") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            ZipOutputStream zip = zip(out);
            workbook(zip, "");
            zip.putNextEntry(new ZipEntry("xl/sharedStrings.xml"));
            zip.write(bytes("<sst " + MAIN + ">"));
            byte[] one = bytes("<si><t>" + "x".repeat(1 << 20) + "</t></si>");
            for (int n = 0; n < 300; n++) {
                zip.write(one);
            }
            zip.write(bytes("</sst>"));
            entry(zip, SHEET_FILE, SHEET + row("2", "A2") + SHEET_END);
            zip.finish();
        }
    },
    ZIP_BOMB("a sheet of 2 GB in 2 MB", "bomb.xlsx") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            ZipOutputStream zip = zip(out);
            workbook(zip, "");
            strings(zip);
            zip.putNextEntry(new ZipEntry(SHEET_FILE));
            zip.write(bytes(SHEET));
            byte[] blanks = bytes(" ".repeat(1 << 20));
            for (int n = 0; n < 2_000; n++) {
                zip.write(blanks);
            }
            zip.write(bytes(SHEET_END));
            zip.finish();
        }
    },
    ONE_LINE("a line of 500 MB in 500 KB", "line.csv.gz") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            GZIPOutputStream gzip =
                    new GZIPOutputStream(new BufferedOutputStream(new Open(out)), 1 << 16);
            gzip.write(bytes("email\n"));
            byte[] some = bytes("x".repeat(1 << 20));
            for (int n = 0; n < 500; n++) {
                gzip.write(some);
            }
            gzip.close();
        }
    },
    COLUMNS("a header of 1,000,000 columns", "wide.csv") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            out.write(bytes("email" + ",x".repeat(1_000_000) + "\na@example.com\n"));
        }
    },
    BACKSLASHES("addresses of backslashes", "backslashes.csv") {
        @Override
        void writeTo(OutputStream out) throws IOException {
            out.write(
                    bytes(
                            "email\n"
                                    + "\"\"\"\\0\"\"@example.com\"\n\"\"\"\\.\"\"@x.com\"\n"
                                            .repeat(10_000)));
        }
    };

    private static final String SHEET_FILE = "xl/worksheets/sheet1.xml";
    private static final String MAIN =
            "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    private static final String OFFICE =
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String SHEET =
            "<worksheet "
                    + MAIN
                    + "><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>email</t></is></c></row>";
    private static final String SHEET_END = "</sheetData></worksheet>";

    private final String words;
    private final String fileName;

    HostileFile(String words, String fileName) {
        this.words = words;
        this.fileName = fileName;
    }

    String words() {
        return words;
    }

    String fileName() {
        return fileName;
    }

    /** Generates the file while it is sent, so that it needs no memory. */
    abstract void writeTo(OutputStream out) throws IOException;

    private static String row(String number, String cell) {
        return "<row r=\"%s\"><c r=\"%s\" t=\"inlineStr\"><is><t>a@example.com</t></is></c></row>"
                .formatted(number, cell);
    }

    private static void sheet(OutputStream out, String styles, String rows) throws IOException {
        ZipOutputStream zip = zip(out);
        workbook(zip, styles);
        strings(zip);
        entry(zip, SHEET_FILE, SHEET + rows + SHEET_END);
        zip.finish();
    }

    private static ZipOutputStream zip(OutputStream out) {
        ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(new Open(out), 1 << 16));
        zip.setLevel(Deflater.BEST_SPEED);
        return zip;
    }

    private static void strings(ZipOutputStream zip) throws IOException {
        entry(zip, "xl/sharedStrings.xml", "<sst " + MAIN + "/>");
    }

    private static void workbook(ZipOutputStream zip, String styles) throws IOException {
        entry(
                zip,
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                        + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                        + part("/xl/workbook.xml", "sheet.main")
                        + part("/" + SHEET_FILE, "worksheet")
                        + part("/xl/styles.xml", "styles")
                        + part("/xl/sharedStrings.xml", "sharedStrings")
                        + "</Types>");
        entry(
                zip,
                "_rels/.rels",
                relationships(
                        "<Relationship Id=\"r1\" Type=\"%s/officeDocument\" Target=\"xl/workbook.xml\"/>"));
        entry(
                zip,
                "xl/workbook.xml",
                "<workbook "
                        + MAIN
                        + " xmlns:r=\""
                        + OFFICE
                        + "\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
        entry(
                zip,
                "xl/_rels/workbook.xml.rels",
                relationships(
                        "<Relationship Id=\"r1\" Type=\"%1$s/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                                + "<Relationship Id=\"r2\" Type=\"%1$s/styles\" Target=\"styles.xml\"/>"
                                + "<Relationship Id=\"r3\" Type=\"%1$s/sharedStrings\" Target=\"sharedStrings.xml\"/>"));
        entry(zip, "xl/styles.xml", "<styleSheet " + MAIN + ">" + styles + "</styleSheet>");
    }

    private static String part(String name, String type) {
        return "<Override PartName=\"%s\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.%s+xml\"/>"
                .formatted(name, type);
    }

    private static String relationships(String each) {
        return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + each.formatted(OFFICE)
                + "</Relationships>";
    }

    private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes(text));
        zip.closeEntry();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** More data follows the file, so closing it must not close the underlying stream. */
    private static final class Open extends FilterOutputStream {

        Open(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {
            // See above.
        }
    }
}
