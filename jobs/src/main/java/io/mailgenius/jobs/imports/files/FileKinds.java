package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Detects the kinds of files that office programs write, with an instruction for each kind that is
 * not read.
 */
final class FileKinds {

    private static final String SAVE_AS =
            "open it in a spreadsheet program and save it as .xlsx or CSV.";
    private static final Pattern MARKUP =
            Pattern.compile(
                    "<(\\?xml|!doctype|html|head|meta|table|body|style)\\b.*", Pattern.DOTALL);

    private FileKinds() {}

    /**
     * @throws Refusal.Invalid if it is a kind of file that has no rows, or one that is not read
     */
    static Container ofZip(Path file) throws IOException {
        try (ZipFile zip = ZipDirectory.open(file)) {
            String document = openDocument(zip);
            if (document != null) {
                throw openDocument(document);
            }
            if (has(zip, "Index/Document.iwa", "Index.zip")) {
                throw new Refusal.Invalid(
                        "import-is-numbers",
                        "The file is a spreadsheet of Apple Numbers (.numbers): export it as Excel (.xlsx) or CSV.");
            }
            if (!has(zip, "[Content_Types].xml", "xl/workbook.xml", "xl/workbook.bin")) {
                return Container.ZIP;
            }
        } catch (ZipException e) {
            throw Container.damaged("zip", e, 0);
        }
        return ofOfficePackage(file);
    }

    private static boolean has(ZipFile zip, String... names) {
        Set<String> keys = new java.util.HashSet<>();
        for (String name : names) {
            keys.add(OfficePackage.key(name));
        }
        return zip.stream().anyMatch(entry -> keys.contains(OfficePackage.key(entry.getName())));
    }

    /** The kind that an OpenDocument file states in its mimetype, or null. */
    private static @Nullable String openDocument(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry("mimetype");
        if (entry == null) {
            return null;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            String type = new String(in.readNBytes(100), StandardCharsets.US_ASCII).strip();
            String prefix = "application/vnd.oasis.opendocument.";
            return type.startsWith(prefix) ? type.substring(prefix.length()) : null;
        }
    }

    private static Refusal openDocument(String kind) {
        return kind.startsWith("spreadsheet")
                ? new Refusal.Invalid(
                        "import-is-open-document",
                        "The file is an OpenDocument spreadsheet (.ods): " + SAVE_AS)
                : new Refusal.Invalid(
                        "import-is-no-table",
                        "The file is an OpenDocument %s and no table: import a spreadsheet (.xlsx) or CSV."
                                .formatted(kind));
    }

    private static Container ofOfficePackage(Path file) throws IOException {
        try (OfficePackage parts = OfficePackage.open(file)) {
            String main = parts.mainPart().orElse("").toLowerCase(Locale.ROOT);
            if (main.endsWith(".bin") || main.isEmpty() && parts.has("xl/workbook.bin")) {
                throw new Refusal.Invalid(
                        "import-is-binary-excel",
                        "The file is a binary Excel workbook (.xlsb): " + SAVE_AS);
            }
            if (main.endsWith(".xml")) {
                try (XmlPart xml = parts.part(main)) {
                    if (xml.nextStart() && xml.name().equals("workbook")) {
                        return Container.XLSX;
                    }
                }
            }
            if (main.isEmpty()) {
                return Container.ZIP;
            }
        }
        throw new Refusal.Invalid(
                "import-is-no-table",
                "The file is a document of Word or PowerPoint, or another that is no spreadsheet: import the table as .xlsx or CSV.");
    }

    /** Why a file in Microsoft's older container is not read. */
    static Refusal ofCompound(Path file) throws IOException {
        Set<String> streams = CompoundFile.names(file);
        if (streams.contains("EncryptedPackage") || streams.contains("EncryptionInfo")) {
            return new Refusal.Invalid(
                    "import-is-encrypted",
                    "The spreadsheet is encrypted with a password: save it as .xlsx or CSV without one.");
        }
        if (streams.contains("WordDocument")
                || streams.contains("PowerPoint Document")
                || streams.contains("__properties_version1.0")) {
            return new Refusal.Invalid(
                    "import-is-no-table",
                    "The file is a document of Word, PowerPoint or Outlook: import the table as .xlsx or CSV.");
        }
        return new Refusal.Invalid(
                "import-is-old-excel",
                "The file is a spreadsheet of the old Excel format (.xls): " + SAVE_AS);
    }

    /**
     * @throws Refusal.Invalid if it is XML or a web page, which some programs export as .xls
     */
    static void refuseMarkup(byte[] head) {
        int start = Container.begins(head, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        String beginning =
                new String(head, start, head.length - start, StandardCharsets.ISO_8859_1)
                        .strip()
                        .toLowerCase(Locale.ROOT);
        if (MARKUP.matcher(beginning).matches()) {
            throw new Refusal.Invalid(
                    "import-is-markup",
                    "The file is a web page or XML, as some programs export it under the name .xls: "
                            + SAVE_AS);
        }
    }
}
