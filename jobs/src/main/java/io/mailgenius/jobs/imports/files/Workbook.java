package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.imports.files.OfficePackage.Relationship;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A spreadsheet in Office Open XML (.xlsx, ECMA-376), of which one sheet is read as text. */
final class Workbook implements Closeable {

    private static final int MAX_SHEETS = 1_000;
    private static final String STRICT = "http://purl.oclc.org/ooxml/";

    private final OfficePackage parts;
    private final Path file;
    private final Map<String, Relationship> relationships;
    private final List<Sheet> sheets = new ArrayList<>();
    private final CellStyles styles;
    private final SharedStrings strings;
    private boolean from1904;

    /**
     * @param part with its rows
     */
    private record Sheet(String name, boolean hidden, String part) {}

    private Workbook(OfficePackage parts, String main, Path file) throws IOException {
        this.parts = parts;
        this.file = file;
        this.relationships = parts.relationships(main);
        try (XmlPart xml = parts.part(main)) {
            readSheets(xml, main);
        }
        if (sheets.isEmpty()) {
            throw new Refusal.Invalid(
                    "import-has-no-rows", "The spreadsheet has no sheet with cells.");
        }
        Optional<String> styled = related("styles", "xl/styles.xml");
        if (styled.isEmpty()) {
            this.styles = CellStyles.NONE;
        } else {
            try (XmlPart xml = parts.part(styled.get())) {
                this.styles = CellStyles.read(xml);
            }
        }
        Optional<String> shared = related("sharedStrings", "xl/sharedStrings.xml");
        if (shared.isEmpty()) {
            this.strings = SharedStrings.none();
        } else {
            try (XmlPart xml = parts.part(shared.get())) {
                this.strings =
                        SharedStrings.read(
                                xml,
                                Objects.requireNonNull(
                                        file.toAbsolutePath().normalize().getParent(),
                                        "A file lies in a folder"));
            }
        }
    }

    /**
     * Processes the text of one sheet in a thread of its own, since parsing uses a core all the
     * time.
     *
     * @param report collects what else the sheet contains
     * @throws Refusal.Invalid if it is damaged, hostile, or has no such sheet
     */
    static <R> R text(Path file, @Nullable String sheet, SheetReport report, Container.Work<R> work)
            throws IOException {
        return SpreadsheetThreads.run(
                () -> {
                    try (OfficePackage parts = OfficePackage.open(file);
                            Workbook workbook =
                                    new Workbook(parts, parts.mainPart().orElseThrow(), file)) {
                        return workbook.text(sheet, report, work);
                    }
                });
    }

    private <R> R text(@Nullable String name, SheetReport report, Container.Work<R> work)
            throws IOException {
        Sheet chosen = name == null ? withAddresses() : named(name);
        report.reads(
                chosen.name(),
                name != null,
                sheets.stream()
                        .map(one -> new PreviewSheet(one.name(), one.hidden(), one == chosen))
                        .toList());
        try (SheetReader rows = rows(chosen, report);
                InputStream text = new SheetText(rows, Files.size(file))) {
            return work.on(text);
        }
    }

    private void readSheets(XmlPart xml, String main) {
        while (xml.nextStart()) {
            if (xml.depth() == 1 && isStrict(xml)) {
                throw new Refusal.Invalid(
                        "import-is-strict-xlsx",
                        "The file is a \"Strict Open XML Spreadsheet\": save it as the kind \"Excel Workbook (.xlsx)\", or as CSV.");
            }
            switch (xml.name()) {
                case "workbookPr" -> {
                    String from = xml.attribute("date1904");
                    from1904 = "1".equals(from) || "true".equals(from);
                }
                case "sheet" -> sheet(xml, main);
                default -> {}
            }
        }
    }

    private static boolean isStrict(XmlPart xml) {
        return xml.namespace().startsWith(STRICT) || "strict".equals(xml.attribute("conformance"));
    }

    /** Charts and macros have sheets too, but no cells. */
    private void sheet(XmlPart xml, String main) {
        String id = xml.attribute("id");
        Relationship relationship = id == null ? null : relationships.get(id);
        String part =
                relationship == null
                        ? usual(main, xml.attribute("sheetId"))
                        : relationship.type().equals("worksheet") ? relationship.part() : null;
        if (part != null && sheets.size() < MAX_SHEETS) {
            String name = xml.attribute("name");
            String state = xml.attribute("state");
            sheets.add(
                    new Sheet(
                            name == null ? "" : XmlText.unescaped(name),
                            "hidden".equals(state) || "veryHidden".equals(state),
                            part));
        }
    }

    /** The usual place of the sheet, where the file has no relationship for it. */
    private @Nullable String usual(String main, @Nullable String sheetId) {
        String part = main.substring(0, main.lastIndexOf('/') + 1) + "worksheets/sheet" + sheetId;
        return parts.has(part + ".xml") ? part + ".xml" : null;
    }

    private Optional<String> related(String type, String usual) {
        Optional<String> part =
                relationships.values().stream()
                        .filter(relationship -> relationship.type().equals(type))
                        .map(Relationship::part)
                        .filter(parts::has)
                        .findFirst();
        return part.isPresent() || !parts.has(usual) ? part : Optional.of(usual);
    }

    private SheetReader rows(Sheet sheet, SheetReport report) throws IOException {
        return new SheetReader(
                parts.part(sheet.part()), strings, styles, new NumberText(from1904), report);
    }

    private Sheet named(String name) {
        return sheets.stream()
                .filter(sheet -> sheet.name().equals(name))
                .findFirst()
                .or(() -> sheets.stream().filter(sheet -> isSame(sheet.name(), name)).findFirst())
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "import-sheet-not-found",
                                        "The spreadsheet has no sheet \"%s\"; it has: %s."
                                                .formatted(name, names())));
    }

    private static boolean isSame(String one, String other) {
        return one.strip().equalsIgnoreCase(other.strip());
    }

    private String names() {
        return String.join(", ", sheets.stream().limit(20).map(Sheet::name).toList());
    }

    /**
     * The first visible sheet with a column of addresses; else the first one with any address, with
     * any row, or at all.
     */
    private Sheet withAddresses() throws IOException {
        List<Sheet> visible = sheets.stream().filter(sheet -> !sheet.hidden()).toList();
        List<Sheet> candidates = visible.isEmpty() ? sheets : visible;
        Sheet best = candidates.getFirst();
        SheetSample.Content most = SheetSample.Content.NOTHING;
        for (Sheet sheet : candidates.subList(0, Math.min(SheetSample.SHEETS, candidates.size()))) {
            SheetSample.Content content;
            try (SheetReader rows = rows(sheet, new SheetReport())) {
                content = SheetSample.of(rows);
            }
            if (content.compareTo(most) > 0) {
                best = sheet;
                most = content;
            }
            if (content == SheetSample.Content.ADDRESSES) {
                break;
            }
        }
        return best;
    }

    @Override
    public void close() throws IOException {
        strings.close();
    }
}
