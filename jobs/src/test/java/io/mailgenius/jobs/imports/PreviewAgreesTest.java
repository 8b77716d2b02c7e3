package io.mailgenius.jobs.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.imports.ImportFixture.Outcome;
import io.mailgenius.jobs.imports.ImportPreview.PreviewColumn;
import io.mailgenius.jobs.imports.columns.ContactField;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.workspaces.Refusal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever file it is, the import does what the preview has said. */
class PreviewAgreesTest {

    private static final int FILES = 150;

    private static ImportFixture importFixture;

    @BeforeAll
    static void open() {
        importFixture = new ImportFixture();
    }

    @AfterAll
    static void close() {
        importFixture.close();
    }

    @Test
    void an_import_does_what_its_preview_has_said() throws Exception {
        long seed = System.nanoTime();
        int imported = 0;
        for (int n = 0; n < FILES; n++) {
            RandomFile file = new RandomFile(new Random(seed + n));
            String what = "seed %d: <%s> with %s".formatted(seed + n, file.text, file.options);
            importFixture.empty();
            imported += agrees(file, what) ? 1 : 0;
        }
        assertThat(imported).isGreaterThan(FILES / 4);
    }

    private static boolean agrees(RandomFile file, String what) throws Exception {
        FileSample preview;
        try {
            preview = importFixture.preview(file.bytes, file.options);
        } catch (Refusal refusal) {
            assertThat(refusalOfImport(file)).as(what).isEqualTo(refusal.problem());
            return false;
        }
        assertThat(importFixture.stored()).as(what).isZero();
        boolean refused = preview.warnings().stream().anyMatch(w -> w.contains("be refused"));
        if (refused) {
            assertThat(refusalOfImport(file)).as(what).isNotNull();
            return false;
        }
        Outcome outcome =
                importFixture.importBytes(file.bytes, file.options, 1, ImportFixture.shuffled(3));
        assertThat(outcome.rows().read()).as(what).isEqualTo(preview.size());
        assertThat(rejected(preview)).as(what).isEqualTo(rejected(outcome));
        Map<String, Map<String, String>> expected = expected(preview);
        assertThat(stored(preview.columns(), expected)).as(what).isEqualTo(expected);
        for (PreviewColumn column : preview.columns()) {
            if (column.mapping().startsWith("attributes.")) {
                assertThat(kind(column.mapping())).as(what).isEqualTo(column.stored());
            }
        }
        assertThat(outcome.rows().created() + outcome.rows().duplicate())
                .as(what)
                .isEqualTo(outcome.rows().read() - outcome.rows().rejected());
        return outcome.rows().created() > 0;
    }

    /** Of what all contacts have as an attribute: a text, a number, a truth value, or null. */
    private static String kind(String target) {
        Set<String> kinds = new TreeSet<>();
        for (String email : importFixture.addresses()) {
            JsonNode value =
                    importFixture.attributes(email).path(target.substring("attributes.".length()));
            if (!value.isMissingNode()) {
                kinds.add(value.isNumber() ? "number" : value.isBoolean() ? "boolean" : "text");
            }
        }
        return kinds.isEmpty() ? null : kinds.size() > 1 ? "mixed" : kinds.iterator().next();
    }

    private static String refusalOfImport(RandomFile file) {
        try {
            importFixture.importBytes(file.bytes, file.options);
            return null;
        } catch (Refusal refusal) {
            return refusal.problem();
        }
    }

    /** Line and reason of each row that the preview says to be bad. */
    private static List<String> rejected(FileSample preview) {
        return preview.rejects().stream()
                .map(reject -> "%d %s".formatted(reject.line(), reject.reason()))
                .toList();
    }

    private static List<String> rejected(Outcome outcome) {
        return importFixture.rejects(outcome.id()).stream()
                .map(reject -> "%d %s".formatted(reject.line(), reject.reason()))
                .toList();
    }

    /** What the rows of the preview make of the contacts, by its own mapping. */
    private static Map<String, Map<String, String>> expected(FileSample preview) {
        Map<String, Map<String, String>> contacts = new TreeMap<>();
        List<PreviewColumn> columns = preview.columns();
        for (List<String> row : preview.first().cells()) {
            String address = null;
            Map<String, String> values = new TreeMap<>();
            for (int n = 0; n < columns.size(); n++) {
                String value = row.get(n);
                if (columns.get(n).mapping().equals("email")
                        && EmailAddress.parse(value) instanceof EmailAddress email) {
                    address = email.value();
                } else if (!columns.get(n).mapping().equals("ignore") && !value.isEmpty()) {
                    values.put(columns.get(n).mapping(), value);
                }
            }
            if (address != null && row.size() == columns.size()) {
                contacts.put(address, values);
            }
        }
        return contacts;
    }

    /** Of a number and a truth value only that there is one: other tests say which. */
    private static Map<String, Map<String, String>> stored(
            List<PreviewColumn> columns, Map<String, Map<String, String>> expected) {
        Map<String, Map<String, String>> contacts = new TreeMap<>();
        for (String email : importFixture.addresses()) {
            Map<String, String> values = new TreeMap<>();
            for (PreviewColumn column : columns) {
                String target = column.mapping();
                String value =
                        switch (target) {
                            case "email", "ignore" -> null;
                            case String attribute when attribute.startsWith("attributes.") ->
                                    text(
                                            importFixture
                                                    .attributes(email)
                                                    .path(
                                                            attribute.substring(
                                                                    "attributes.".length())),
                                            expected.getOrDefault(email, Map.of()).get(target));
                            case String field ->
                                    importFixture.contact(
                                            email,
                                            ContactField.byJson(field).orElseThrow().column());
                        };
                if (value != null) {
                    values.put(target, value);
                }
            }
            contacts.put(email, values);
        }
        return contacts;
    }

    private static String text(JsonNode value, String expected) {
        return value.isMissingNode() ? null : value.isString() ? value.asString() : expected;
    }

    /** As people have them: of any delimiter, encoding and header, and with rows of any width. */
    private static final class RandomFile {

        private static final String[] NAMES = {
            "Nome", "Primeiro Nome", "Telefone", "Celular", "Cidade", "País", "Plano", "Plano",
                    "Obs",
            "Data de\nnascimento", "", " \u00A0Nota ", "Apelido", "Ort", "CC", "#", "attributes.x",
                    "x",
            "E-mail", "Business Phone", "First Name", "Wert; oder, Wert", "E-mail address"
        };
        private static final String[] VALUES = {
            "",
            "",
            "Ana",
            "São Paulo",
            "1.5",
            "42",
            "007",
            "a,b",
            "a;b",
            "\"x\"",
            "linha\nlinha",
            "\t",
            "O’Brien",
            "Köln",
            "true",
            "sim",
            "31/12/1999",
            "1,5",
            "1.250",
            "\\N\\",
            "-7",
            "a|b",
            "e-mail",
            "b@",
            "+55 11 1",
            "\u00A0"
        };
        private static final String[] PREAMBLES = {
            "",
            "",
            "",
            "Relatório\n",
            "# nota, com vírgula\n",
            "\n\n",
            "Gerado em;01/02/2024\n\n",
            "sep=%s\n",
            "\"Título; com\nlinhas\"\n",
            ",,,\n",
            "\"nunca fechado\n"
        };

        final Random random;
        final String text;
        final byte[] bytes;
        final ImportOptions options;

        RandomFile(Random random) {
            this.random = random;
            char delimiter = ",;\t|".charAt(random.nextInt(4));
            List<String> header = header();
            StringBuilder file = new StringBuilder(one("", "", "\uFEFF", "\uFEFF\uFEFF"));
            file.append(one(PREAMBLES).formatted(delimiter));
            if (random.nextInt(8) > 0) {
                append(file, header, delimiter);
            }
            int address = header.indexOf("E-mail") < 0 ? 0 : header.indexOf("E-mail");
            int rows = random.nextInt(9);
            for (int n = 0; n < rows; n++) {
                append(file, row(header.size(), address, n), delimiter);
                file.append(one("", "", "", "", "\n", "  \n"));
            }
            String written = file.toString().replace("\n", one("\n", "\n", "\r\n", "\r"));
            text = random.nextBoolean() ? written : written.strip();
            bytes =
                    text.getBytes(
                            random.nextInt(4) > 0
                                    ? StandardCharsets.UTF_8
                                    : Charset.forName(
                                            one("windows-1252", "UTF-16LE", "x-MacRoman")));
            options =
                    OptionsOfTests.of(
                            one(
                                    "{}",
                                    "{}",
                                    "{}",
                                    "{}",
                                    "{'header': true}",
                                    "{'header': false}",
                                    "{'mapping': {'Plano': 'attributes.plan'}}",
                                    "{'mapping': {'Obs': 'city'}, 'rules': {'Nome': 'IGNORE'}}",
                                    "{'types': {'x': 'text'}}"));
        }

        private List<String> header() {
            List<String> header = new ArrayList<>();
            int columns = 1 + random.nextInt(6);
            for (int n = 0; n < columns; n++) {
                header.add(one(NAMES));
            }
            if (random.nextInt(4) > 0) {
                header.set(random.nextInt(columns), "E-mail");
            }
            return header;
        }

        private List<String> row(int columns, int address, int number) {
            List<String> row = new ArrayList<>();
            for (int n = 0; n < columns; n++) {
                row.add(one(VALUES));
            }
            row.set(
                    address,
                    one("%s%d@example.com", "%s%d@example.com", "%s%d").formatted("p", number));
            switch (random.nextInt(6)) {
                case 0 -> row.add("");
                case 1 -> row.addAll(List.of("", one(" ", "filled")));
                case 2 -> {
                    while (row.size() > address + 1) {
                        row.removeLast();
                    }
                }
                default -> {}
            }
            return row;
        }

        private void append(StringBuilder file, List<String> values, char delimiter) {
            for (int n = 0; n < values.size(); n++) {
                String value = values.get(n);
                boolean quoted =
                        random.nextInt(5) == 0
                                || value.indexOf(delimiter) >= 0
                                || value.indexOf('"') == 0
                                || value.indexOf('\n') >= 0;
                file.append(n == 0 ? "" : delimiter)
                        .append(quoted ? '"' + value.replace("\"", "\"\"") + '"' : value);
            }
            file.append('\n');
        }

        private String one(String... of) {
            return of[random.nextInt(of.length)];
        }
    }
}
