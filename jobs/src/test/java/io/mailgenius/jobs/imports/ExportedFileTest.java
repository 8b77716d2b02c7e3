package io.mailgenius.jobs.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.ContactFilter;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.Exports;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.imports.ImportFixture.Outcome;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.SuppressionReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contacts that are exported and imported again are what they were, here and elsewhere. */
class ExportedFileTest {

    private static final String[] TEXTS = {
        "@ana",
        "'@ana",
        "''=1+1",
        "=1+1",
        "-5",
        "+49 30 123",
        "'+49 30 123",
        "42",
        "'42",
        "10.00",
        "true",
        "'true",
        "TRUE",
        "null",
        "[1,2]",
        "{\"a\":1}",
        "[",
        "'[",
        "'s-Hertogenbosch",
        "'",
        "''",
        "a\"b",
        "a,b;c",
        "two\nlines",
        "tab\there",
        " padded ",
        "\u00A0wide\u00A0",
        "São Paulo",
        "\\N",
        "\\",
        "日本",
        "😀",
        "1.250",
        "01234",
        "31/12/1999",
        "1999-12-31",
        "1999-12-31T18:05",
        "unsubscribed",
        "1e3",
        "-0",
        "#N/A"
    };

    private static ImportFixture importFixture;

    @BeforeAll
    static void open() {
        importFixture = new ImportFixture();
    }

    @AfterAll
    static void close() {
        importFixture.close();
    }

    @BeforeEach
    void empty() {
        importFixture.empty();
    }

    @Test
    void an_export_that_is_imported_again_changes_nothing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            importFixture.empty();
            for (int n = 0; n < 20; n++) {
                create("u" + n + "@example.com", random);
            }
            create("+plus@example.com", random);
            create("-minus@example.com", random);
            List<String> before = everything();
            List<String> suppressed = suppressions();
            byte[] file = export();

            Outcome outcome = importFixture.importBytes(file, ImportOptions.DEFAULT);

            String told = "seed %d, round %d%n%s".formatted(seed, round, text(file));
            assertThat(outcome.rows().unchanged()).as(told + outcome.rejects()).isEqualTo(22);
            assertThat(everything()).as(told).isEqualTo(before);
            assertThat(suppressions()).as(told).isEqualTo(suppressed);

            importFixture.empty();
            Outcome elsewhere = importFixture.importBytes(file, ImportOptions.DEFAULT);
            assertThat(elsewhere.rows().created()).as(told).isEqualTo(22);
            assertThat(values())
                    .as(told)
                    .isEqualTo(before.stream().map(ExportedFileTest::value).toList());
        }
    }

    @Test
    void a_status_of_before_frees_nobody_who_has_left_since() {
        create("a@example.com", ContactStatus.SUBSCRIBED, Map.of());
        create("b@example.com", ContactStatus.UNSUBSCRIBED, Map.of());
        byte[] file = export();
        importFixture.doors.in(
                () ->
                        importFixture
                                .doors
                                .door(Suppressions.class)
                                .add("a@example.com", SuppressionReason.COMPLAINED, "test"));

        importFixture.importBytes(file, ImportOptions.DEFAULT);

        assertThat(importFixture.contact("a@example.com", "status")).isEqualTo("COMPLAINED");
        assertThat(importFixture.contact("b@example.com", "status")).isEqualTo("UNSUBSCRIBED");
        assertThat(suppressions()).containsExactly("a@example.com COMPLAINED test");
    }

    @Test
    void columns_may_be_moved_and_taken_out() {
        create("a@example.com", ContactStatus.SUBSCRIBED, Map.of("n", "42", "l", List.of(1, "x")));
        String time = importFixture.contact("a@example.com", "updated_at");

        Outcome outcome =
                importFixture.importText(
                        """
                        createdAt,updatedAt,attributes.l,email,attributes.n
                        2020-01-01,2020-01-01,"[1,""x""]",a@example.com,'42
                        """,
                        ImportOptions.DEFAULT);

        assertThat(outcome.rows().unchanged()).isEqualTo(1);
        assertThat(importFixture.contact("a@example.com", "updated_at")).isEqualTo(time);
    }

    @Test
    void what_only_looks_like_a_list_is_a_text() {
        importFixture.importText(
                """
                email,createdAt,updatedAt,attributes.a,attributes.b,attributes.c
                a@example.com,,,[not json,"[""\\u0000""]","[1e999999]"
                """,
                ImportOptions.DEFAULT);

        assertThat(importFixture.attributes("a@example.com").path("a").asString())
                .isEqualTo("[not json");
        assertThat(importFixture.attributes("a@example.com").path("b").isString()).isTrue();
        assertThat(importFixture.attributes("a@example.com").path("c").isString()).isTrue();
    }

    private static void create(String email, Random random) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (String name :
                new String[] {
                    "plan", "a b ", "attributes.x", "x@y.com", "São", "optout", "\"q\"", "l\nf"
                }) {
            if (random.nextInt(3) > 0) {
                attributes.put(name, value(random, 2));
            }
        }
        create(
                email,
                ContactStatus.values()[random.nextInt(5)],
                attributes,
                field(random),
                field(random));
    }

    private static void create(
            String email, ContactStatus status, Map<String, Object> attributes, String... fields) {
        String[] all = Arrays.copyOf(fields, 2);
        importFixture.doors.in(
                () ->
                        importFixture
                                .doors
                                .door(Contacts.class)
                                .create(
                                        new ContactDraft(
                                                email,
                                                all[0],
                                                null,
                                                all[1],
                                                null,
                                                null,
                                                null,
                                                null,
                                                attributes,
                                                status)));
    }

    private static String field(Random random) {
        return random.nextInt(4) == 0 ? null : TEXTS[random.nextInt(TEXTS.length)];
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0, 1 -> TEXTS[random.nextInt(TEXTS.length)];
            case 2 -> new BigDecimal(random.nextLong()).movePointLeft(random.nextInt(25));
            case 3 -> random.nextBoolean();
            case 4 -> {
                List<Object> list = new ArrayList<>();
                for (int n = random.nextInt(3); n > 0; n--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int n = random.nextInt(3); n > 0; n--) {
                    map.put(TEXTS[random.nextInt(TEXTS.length)], value(random, depth - 1));
                }
                yield map;
            }
        };
    }

    private static byte[] export() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        importFixture.doors.in(
                () -> {
                    try {
                        importFixture.doors.door(Exports.class).of(ContactFilter.ALL).writeTo(out);
                        return out;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return out.toByteArray();
    }

    private static String text(byte[] file) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> everything() {
        return texts(
                """
                SELECT concat_ws('|', created_at, updated_at, id) || E'\\x01' || concat_ws('|', email, first_name, phone, status, attributes)
                  FROM contact ORDER BY email
                """);
    }

    private static List<String> values() {
        return texts(
                """
                SELECT concat_ws('|', email, first_name, phone, status, attributes)
                  FROM contact ORDER BY email
                """);
    }

    private static String value(String everything) {
        return everything.substring(everything.indexOf('\u0001') + 1);
    }

    private static List<String> suppressions() {
        return texts(
                "SELECT email || ' ' || reason || ' ' || source FROM suppression ORDER BY email");
    }

    private static List<String> texts(String sql) {
        return importFixture.doors.owner().sql(sql).query(String.class).list();
    }
}
