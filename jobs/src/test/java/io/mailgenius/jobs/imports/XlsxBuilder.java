package io.mailgenius.jobs.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes spreadsheets part by part, also such as no spreadsheet program would write. */
public final class XlsxBuilder {

    public static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String DOCUMENT =
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /** Content that is written while it is made, for parts that do not fit into memory. */
    public interface Content {
        void write(OutputStream out) throws IOException;
    }

    private record Sheet(String name, String state, Content content) {}

    private final Map<String, Content> parts = new LinkedHashMap<>();
    private final List<Sheet> sheets = new ArrayList<>();
    private String properties = "";

    public static Content text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first sheet, with these rows as XML. */
    public static XlsxBuilder rows(String rows) {
        return new XlsxBuilder().sheet("Sheet1", null, rows);
    }

    /** The header {@code email, value} and one row with this second cell. */
    public static XlsxBuilder cell(String cell) {
        return rows(
                """
                <row r="1"><c r="A1" t="inlineStr"><is><t>email</t></is></c>\
                <c r="B1" t="inlineStr"><is><t>value</t></is></c></row>\
                <row r="2"><c r="A2" t="inlineStr"><is><t>a@example.com</t></is></c>%s</row>"""
                        .formatted(cell));
    }

    /**
     * @param state such as {@code hidden}, or null
     */
    public XlsxBuilder sheet(String name, String state, String rows) {
        return sheet(
                name,
                state,
                text(
                        "<worksheet xmlns=\"%s\"><sheetData>%s</sheetData></worksheet>"
                                .formatted(MAIN, rows)));
    }

    public XlsxBuilder sheet(String name, String state, Content content) {
        sheets.add(new Sheet(name, state, content));
        return this;
    }

    /** A row of texts as XML. */
    public static String row(int number, String... texts) {
        StringBuilder cells = new StringBuilder();
        for (String text : texts) {
            cells.append("<c t=\"inlineStr\"><is><t>").append(text).append("</t></is></c>");
        }
        return "<row r=\"%d\">%s</row>".formatted(number, cells);
    }

    /** The styles 0, 1, 2 … have these number formats. */
    public XlsxBuilder formats(String... codes) {
        StringBuilder formats = new StringBuilder();
        StringBuilder styles = new StringBuilder();
        for (int n = 0; n < codes.length; n++) {
            formats.append(
                    "<numFmt numFmtId=\"%d\" formatCode=\"%s\"/>"
                            .formatted(200 + n, xml(codes[n])));
            styles.append("<xf numFmtId=\"%d\"/>".formatted(200 + n));
        }
        return styles(
                "<numFmts>%s</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>%s</cellXfs>"
                        .formatted(formats, styles));
    }

    private static String xml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    public XlsxBuilder styles(String content) {
        return part(
                "xl/styles.xml",
                text("<styleSheet xmlns=\"%s\">%s</styleSheet>".formatted(MAIN, content)));
    }

    /**
     * @param items {@code <si>} elements
     */
    public XlsxBuilder sharedStrings(String items) {
        return part(
                "xl/sharedStrings.xml", text("<sst xmlns=\"%s\">%s</sst>".formatted(MAIN, items)));
    }

    /**
     * @param properties attributes of {@code workbookPr}
     */
    public XlsxBuilder properties(String properties) {
        this.properties = properties;
        return this;
    }

    /** Also in place of one that is always there. */
    public XlsxBuilder part(String name, Content content) {
        parts.put(name, content);
        return this;
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out);
        return out.toByteArray();
    }

    public Path file(Path folder) {
        try {
            Path file = Files.createTempFile(folder, "test", ".xlsx");
            try (OutputStream out = Files.newOutputStream(file)) {
                write(out);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(OutputStream out) {
        Map<String, Content> all = new LinkedHashMap<>();
        all.put("[Content_Types].xml", text("<Types/>"));
        all.put(
                "_rels/.rels",
                text(
                        "<Relationships><Relationship Id=\"rId1\" Type=\"%s/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                                .formatted(DOCUMENT)));
        StringBuilder names = new StringBuilder();
        StringBuilder targets = new StringBuilder();
        for (int n = 0; n < sheets.size(); n++) {
            Sheet sheet = sheets.get(n);
            names.append(
                    "<sheet name=\"%s\" sheetId=\"%d\" r:id=\"rId%d\"%s/>"
                            .formatted(
                                    xml(sheet.name()),
                                    n + 1,
                                    n + 1,
                                    sheet.state() == null
                                            ? ""
                                            : " state=\"" + sheet.state() + "\""));
            targets.append(
                    "<Relationship Id=\"rId%d\" Type=\"%s/worksheet\" Target=\"worksheets/sheet%d.xml\"/>"
                            .formatted(n + 1, DOCUMENT, n + 1));
            all.put("xl/worksheets/sheet%d.xml".formatted(n + 1), sheet.content());
        }
        all.put(
                "xl/workbook.xml",
                text(
                        "<workbook xmlns=\"%s\" xmlns:r=\"%s\"><workbookPr %s/><sheets>%s</sheets></workbook>"
                                .formatted(MAIN, DOCUMENT, properties, names)));
        all.put(
                "xl/_rels/workbook.xml.rels",
                text("<Relationships>%s</Relationships>".formatted(targets)));
        all.putAll(parts);
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, Content> part : all.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                part.getValue().write(zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
