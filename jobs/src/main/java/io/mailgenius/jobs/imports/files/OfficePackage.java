package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A zip file of XML parts that name each other by relationships (ECMA-376 part 2). Names of parts
 * are looked up in any case, and with slashes of both kinds, since writers differ.
 */
final class OfficePackage implements Closeable {

    private static final int MAX_RELATIONSHIPS = 20_000;

    private final ZipFile zip;
    private final Map<String, ZipEntry> parts = new HashMap<>();
    private final UnpackLimit limit;

    private OfficePackage(ZipFile zip, long bytes) {
        this.zip = zip;
        this.limit = new UnpackLimit(bytes);
        zip.stream().forEach(entry -> parts.putIfAbsent(key(entry.getName()), entry));
    }

    /**
     * @param type the last step of the relationship's type, such as {@code worksheet}
     * @param part the name of the part that it leads to
     */
    record Relationship(String type, String part) {}

    static OfficePackage open(Path file) throws IOException {
        return new OfficePackage(ZipDirectory.open(file), Files.size(file));
    }

    static String key(String name) {
        String slashed = name.replace('\\', '/').toLowerCase(Locale.ROOT);
        return slashed.startsWith("/") ? slashed.substring(1) : slashed;
    }

    boolean has(String part) {
        return parts.containsKey(key(part));
    }

    /**
     * @throws Refusal.Invalid if there is no such part
     */
    XmlPart part(String name) throws IOException {
        ZipEntry entry = parts.get(key(name));
        if (entry == null) {
            throw new Refusal.Invalid(
                    "import-file-damaged",
                    "The spreadsheet cannot be read: its part %s is missing. Open it in a spreadsheet program and save it again as .xlsx."
                            .formatted(name));
        }
        return new XmlPart(name, zip.getInputStream(entry), limit);
    }

    /** The main part of the package, by its relationship or else by its usual name. */
    Optional<String> mainPart() throws IOException {
        Optional<String> main =
                relationships("").values().stream()
                        .filter(relationship -> relationship.type().equals("officeDocument"))
                        .map(Relationship::part)
                        .filter(this::has)
                        .findFirst();
        return main.isPresent() || !has("xl/workbook.xml") ? main : Optional.of("xl/workbook.xml");
    }

    /** By their ids; none if the part names none. */
    Map<String, Relationship> relationships(String part) throws IOException {
        int slash = part.lastIndexOf('/') + 1;
        String name = part.substring(0, slash) + "_rels/" + part.substring(slash) + ".rels";
        Map<String, Relationship> found = new LinkedHashMap<>();
        if (!has(name)) {
            return found;
        }
        try (XmlPart xml = part(name)) {
            while (xml.nextStart() && found.size() < MAX_RELATIONSHIPS) {
                String id = xml.attribute("Id");
                String type = xml.attribute("Type");
                String target = xml.attribute("Target");
                if (id != null && type != null && target != null) {
                    found.put(
                            id,
                            new Relationship(
                                    type.substring(type.lastIndexOf('/') + 1),
                                    resolved(part.substring(0, slash), target)));
                }
            }
        }
        return found;
    }

    private static String resolved(String folder, String target) {
        String path = target.replace('\\', '/');
        Deque<String> steps = new ArrayDeque<>();
        for (String step : (path.startsWith("/") ? path : folder + path).split("/")) {
            if (step.equals("..")) {
                steps.pollLast();
            } else if (!step.isEmpty() && !step.equals(".")) {
                steps.add(step);
            }
        }
        return String.join("/", steps);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
