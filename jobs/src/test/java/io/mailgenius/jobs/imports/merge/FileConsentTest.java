package io.mailgenius.jobs.imports.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.imports.FileSample;
import io.mailgenius.jobs.imports.ImportFixture;
import io.mailgenius.jobs.imports.ImportFixture.Outcome;
import io.mailgenius.jobs.imports.ImportPreview;
import io.mailgenius.jobs.imports.ImportView;
import io.mailgenius.jobs.imports.OptionsOfTests;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.SuppressionReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not want mail by the word of a file is not mailed, and nobody is who was not before. */
class FileConsentTest {

    private static final String A = "a@example.com";
    private static final String B = "b@example.com";

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

    @ParameterizedTest(name = "{0} = {1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Status|unsubscribed|UNSUBSCRIBED",
                "Status|Hard Bounced|BOUNCED",
                "status|COMPLAINED|COMPLAINED",
                "status|PENDING|PENDING",
                "Situação|Descadastrado|UNSUBSCRIBED",
                "Email Opt Out|1|UNSUBSCRIBED",
                "Email Opt Out|0|SUBSCRIBED",
                "HasOptedOutOfEmail|true|UNSUBSCRIBED",
                "Accepts Marketing|no|UNSUBSCRIBED",
                "Accepts Marketing|yes|SUBSCRIBED",
                "Accepts Email Marketing|no|UNSUBSCRIBED",
                "Descadastrado|sim|UNSUBSCRIBED",
                "Descadastrado|não|SUBSCRIBED",
                "Unsubscribed|2024-01-31 10:00|UNSUBSCRIBED",
                "UNSUB_TIME|2024-01-31 10:00:00|UNSUBSCRIBED",
                "CLEAN_TIME|2024-01-31 10:00:00|BOUNCED",
                "Unsubscribed from all email|true|UNSUBSCRIBED",
                "Opted out of email: Marketing Information|Yes|UNSUBSCRIBED",
                "Email hard bounce reason|Unknown user|BOUNCED",
                "Invalid email address|true|BOUNCED",
                "Marketing contact status|Non-marketing contact|PENDING",
                "Marketing contact status|Marketing contact|SUBSCRIBED",
                "Email Marketing Consent|NEVER_SUBSCRIBED|PENDING",
                "Email Marketing Consent|UNSUBSCRIBED|UNSUBSCRIBED",
                "Email status|Awaiting confirmation|PENDING",
                "Aceita receber e-mails|Não|UNSUBSCRIBED",
                "No enviar e-mail|sí|UNSUBSCRIBED",
                "Abgemeldet|ja|UNSUBSCRIBED",
                "Désabonné|oui|UNSUBSCRIBED",
                "Blocklisted|x|UNSUBSCRIBED",
                "Bounced|yes|BOUNCED",
                "Marked as spam|1|COMPLAINED",
            })
    void a_column_says_it_by_its_name_and_its_cells(
            String name, String cell, ContactStatus status) {
        Outcome outcome = imported("email," + name, A + "," + cell);

        assertThat(outcome.rows().created()).isEqualTo(1);
        assertThat(importFixture.contact(A, "status")).isEqualTo(status.name());
        assertThat(importFixture.contact(A, "attributes")).isEqualTo("{}");
        assertThat(suppressions())
                .isEqualTo(
                        switch (status) {
                            case SUBSCRIBED, PENDING -> List.of();
                            case UNSUBSCRIBED, BOUNCED, COMPLAINED ->
                                    List.of(A + " " + status + " import " + outcome.id());
                        });
    }

    @ParameterizedTest(name = "{0} said of one who is {1}")
    @CsvSource({
        "unsubscribed,SUBSCRIBED,UNSUBSCRIBED",
        "unsubscribed,PENDING,UNSUBSCRIBED",
        "unsubscribed,BOUNCED,BOUNCED",
        "subscribed,UNSUBSCRIBED,UNSUBSCRIBED",
        "subscribed,PENDING,PENDING",
        "pending,SUBSCRIBED,PENDING",
        "pending,UNSUBSCRIBED,UNSUBSCRIBED",
        "complained,UNSUBSCRIBED,COMPLAINED",
        "'',SUBSCRIBED,SUBSCRIBED"
    })
    void a_status_only_goes_down(String cell, ContactStatus before, ContactStatus after) {
        contact(A, before);

        Outcome outcome = imported("email,Email Status", A + "," + cell);

        assertThat(importFixture.contact(A, "status")).isEqualTo(after.name());
        assertThat(outcome.rows().updated()).isEqualTo(before == after ? 0 : 1);
        assertThat(outcome.rows().unchanged()).isEqualTo(before == after ? 1 : 0);
        assertThat(suppressions())
                .hasSize(before == after || after == ContactStatus.PENDING ? 0 : 1);
    }

    @Test
    void the_least_willing_of_several_columns_counts() {
        imported(
                "email,Email Opt Out,Bounced,Newsletter",
                A + ",0,1,yes",
                B + ",,,no",
                "c@example.com,,,yes");

        assertThat(importFixture.contact(A, "status")).isEqualTo("BOUNCED");
        assertThat(importFixture.contact(B, "status")).isEqualTo("UNSUBSCRIBED");
        assertThat(importFixture.contact("c@example.com", "status")).isEqualTo("SUBSCRIBED");
    }

    @Test
    void a_column_about_something_else_stays_an_attribute_and_its_clear_cells_count() {
        imported("email,Status", A + ",Lead", B + ",Unsubscribed", "c@example.com,Cancelled");

        assertThat(importFixture.attributes(A).path("Status").asString()).isEqualTo("Lead");
        assertThat(importFixture.contact(A, "status")).isEqualTo("SUBSCRIBED");
        assertThat(importFixture.contact(B, "status")).isEqualTo("UNSUBSCRIBED");
        assertThat(importFixture.contact("c@example.com", "status")).isEqualTo("SUBSCRIBED");
    }

    @Test
    void active_customers_are_no_word_about_mail() {
        imported("email,Status", A + ",Active", B + ",Pending");

        assertThat(importFixture.contact(B, "status")).isEqualTo("SUBSCRIBED");
        assertThat(importFixture.attributes(B).path("Status").asString()).isEqualTo("Pending");
    }

    @Test
    void a_mapped_column_is_read_and_what_it_does_not_know_is_rejected_in_words() {
        Outcome outcome =
                importFixture.importText(
                        "email,Zustand\n%s,abgemeldet\n%s,VIP\n".formatted(A, B),
                        OptionsOfTests.of("{'mapping': {'Zustand': 'status'}}"));

        assertThat(importFixture.contact(A, "status")).isEqualTo("UNSUBSCRIBED");
        assertThat(outcome.rows().rejected()).isEqualTo(1);
        assertThat(outcome.rejects()).contains("3,Zustand,", "VIP", "unsubscribed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attributes.out", "ignore"})
    void whoever_maps_a_column_to_something_else_is_obeyed(String mapping) {
        importFixture.importText(
                "email,Email Opt Out\n%s,1\n".formatted(A),
                OptionsOfTests.of("{'mapping': {'Email Opt Out': '%s'}}".formatted(mapping)));

        assertThat(importFixture.contact(A, "status")).isEqualTo("SUBSCRIBED");
    }

    @Test
    void a_row_that_no_mode_takes_says_nothing() {
        contact(A, ContactStatus.SUBSCRIBED);
        String file = "email,Email Opt Out\n%s,1\n%s,1\n".formatted(A, B);

        importFixture.importText(file, OptionsOfTests.mode(Mode.CREATE));
        assertThat(importFixture.contact(A, "status")).isEqualTo("SUBSCRIBED");
        assertThat(suppressed()).containsExactly(B);

        importFixture.empty();
        contact(A, ContactStatus.SUBSCRIBED);
        importFixture.importText(file, OptionsOfTests.mode(Mode.UPDATE));
        assertThat(importFixture.contact(A, "status")).isEqualTo("UNSUBSCRIBED");
        assertThat(suppressed()).containsExactly(A);
    }

    @Test
    void a_resubscription_does_not_free_whom_the_file_itself_excludes() {
        contact(A, ContactStatus.UNSUBSCRIBED);
        contact(B, ContactStatus.UNSUBSCRIBED);
        suppress(A, SuppressionReason.UNSUBSCRIBED);
        suppress(B, SuppressionReason.UNSUBSCRIBED);

        importFixture.importText(
                "email,Email Opt Out\n%s,1\n%s,0\n".formatted(A, B),
                OptionsOfTests.of("{'resubscribe': {'reason': 'signed'}}"));

        assertThat(importFixture.contact(A, "status")).isEqualTo("UNSUBSCRIBED");
        assertThat(importFixture.contact(B, "status")).isEqualTo("SUBSCRIBED");
        assertThat(suppressed()).containsExactly(A);
    }

    @Test
    void a_dry_run_lowers_and_suppresses_nobody() {
        contact(A, ContactStatus.SUBSCRIBED);

        Outcome outcome =
                importFixture.importText(
                        "email,Email Opt Out\n%s,1\n%s,1\n".formatted(A, B),
                        OptionsOfTests.of("{'dryRun': true}"));

        assertThat(outcome.rows().updated()).isEqualTo(1);
        assertThat(outcome.rows().created()).isEqualTo(1);
        assertThat(importFixture.contact(A, "status")).isEqualTo("SUBSCRIBED");
        assertThat(suppressions()).isEmpty();
    }

    @Test
    void an_undo_gives_back_what_the_file_took_and_nothing_that_was_there_before() {
        contact(A, ContactStatus.SUBSCRIBED);
        suppress("c@example.com", SuppressionReason.MANUAL);
        String time = importFixture.contact(A, "updated_at");
        List<String> before = importFixture.everybody();
        Outcome outcome = imported("email,Email Opt Out", A + ",1", B + ",1", "c@example.com,1");
        assertThat(suppressed()).containsExactly(A, B, "c@example.com");
        assertThat(audit()).containsExactly(A + " SUBSCRIBED the imported file says UNSUBSCRIBED");

        importFixture.undo(outcome.id());

        assertThat(importFixture.everybody()).isEqualTo(before);
        assertThat(importFixture.contact(A, "updated_at")).isEqualTo(time);
        assertThat(suppressions()).containsExactly("c@example.com MANUAL test");
    }

    /**
     * Any rows over any contacts, in any pieces and any order: consent is the least that is said.
     */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void pieces_in_any_order_come_to_the_least_willing_word(Mode mode) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] words = {"", "", "subscribed", "pending", "unsubscribed", "bounced", "complained"};
        for (int round = 0; round < 15; round++) {
            importFixture.empty();
            Map<String, ContactStatus> before = new HashMap<>();
            for (int n = 0; n < 3; n++) {
                ContactStatus status = ContactStatus.values()[random.nextInt(5)];
                contact("u" + n + "@example.com", status);
                before.put("u" + n + "@example.com", status);
            }
            List<String[]> rows = new ArrayList<>();
            for (int n = 0; n < 12; n++) {
                rows.add(
                        new String[] {
                            "u" + random.nextInt(6) + "@example.com",
                            random.nextBoolean() ? "" : "Ulm" + random.nextInt(2),
                            words[random.nextInt(words.length)]
                        });
            }
            StringBuilder text = new StringBuilder("email,city,Email Status\n");
            rows.forEach(row -> text.append(String.join(",", row)).append('\n'));
            Map<String, String> expected = new TreeMap<>();
            ImportView.Rows figures = byTheRules(mode, before, rows, expected);
            byte[] file = text.toString().getBytes(StandardCharsets.UTF_8);
            List<String> untouched = importFixture.everybody();

            Outcome tried =
                    importFixture.importBytes(
                            file,
                            OptionsOfTests.of("{'mode': '%s', 'dryRun': true}".formatted(mode)),
                            random.nextInt(1, 200),
                            ImportFixture.shuffled(random.nextLong()));
            assertThat(tried.rows()).as("seed %d, dry run of%n%s", seed, text).isEqualTo(figures);
            assertThat(importFixture.everybody()).isEqualTo(untouched);
            Outcome outcome =
                    importFixture.importBytes(
                            file,
                            OptionsOfTests.mode(mode),
                            random.nextInt(1, 200),
                            ImportFixture.shuffled(random.nextLong()));

            assertThat(outcome.rows())
                    .as("seed %d, round %d, over %s%n%s", seed, round, before, text)
                    .isEqualTo(figures);
            assertThat(statuses())
                    .as("seed %d, round %d%n%s", seed, round, text)
                    .isEqualTo(expected);
            assertThat(suppressed())
                    .as("seed %d, round %d%n%s", seed, round, text)
                    .isEqualTo(lowered(before, expected));

            importFixture.undo(outcome.id());
            assertThat(importFixture.everybody()).as("seed %d, undone", seed).isEqualTo(untouched);
            assertThat(suppressed()).as("seed %d, undone", seed).isEmpty();
        }
    }

    private static ImportView.Rows byTheRules(
            Mode mode,
            Map<String, ContactStatus> before,
            List<String[]> rows,
            Map<String, String> after) {
        before.forEach((email, status) -> after.put(email, status.name()));
        Map<String, String> city = new HashMap<>();
        Map<String, ContactStatus> least = new HashMap<>();
        long duplicate = 0;
        long rejected = 0;
        long unchanged = 0;
        for (String[] row : rows) {
            boolean there = before.containsKey(row[0]);
            if (mode == Mode.UPDATE && !there) {
                rejected++;
            } else if (mode == Mode.CREATE && there) {
                unchanged++;
            } else {
                duplicate += city.put(row[0], row[1]) == null ? 0 : 1;
                ContactStatus said =
                        row[2].isEmpty()
                                ? ContactStatus.SUBSCRIBED
                                : ContactStatus.valueOf(row[2].toUpperCase());
                least.merge(row[0], said, (one, other) -> one.compareTo(other) > 0 ? one : other);
            }
        }
        long created = 0;
        long updated = 0;
        for (String email : city.keySet()) {
            ContactStatus was = before.getOrDefault(email, ContactStatus.SUBSCRIBED);
            ContactStatus is = least.get(email).compareTo(was) > 0 ? least.get(email) : was;
            after.put(email, is.name());
            boolean changed = is != was || !city.get(email).isEmpty();
            created += before.containsKey(email) ? 0 : 1;
            updated += before.containsKey(email) && changed ? 1 : 0;
            unchanged += before.containsKey(email) && !changed ? 1 : 0;
        }
        return new ImportView.Rows(rows.size(), created, updated, unchanged, duplicate, rejected);
    }

    private static List<String> lowered(
            Map<String, ContactStatus> before, Map<String, String> after) {
        return after.entrySet().stream()
                .filter(e -> !e.getValue().equals("PENDING"))
                .filter(
                        e ->
                                !e.getValue()
                                        .equals(
                                                before.getOrDefault(
                                                                e.getKey(),
                                                                ContactStatus.SUBSCRIBED)
                                                        .name()))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void a_preview_says_what_the_import_does_and_names_what_it_does_not_understand() {
        FileSample sample =
                preview(
                        """
                        email,Email Opt Out,Status,E-mails bounced,Newsletter
                        a@example.com,1,Lead,3,weekly
                        b@example.com,0,Customer,,weekly
                        """);

        assertThat(sample.statuses()).isEqualTo(Map.of(ContactStatus.UNSUBSCRIBED, 1));
        assertThat(sample.columns().stream().map(ImportPreview.PreviewColumn::mapping))
                .containsExactly(
                        "email",
                        "status",
                        "attributes.Status",
                        "attributes.E-mails bounced",
                        "attributes.Newsletter");
        assertThat(sample.warnings())
                .anyMatch(w -> w.contains("1 UNSUBSCRIBED"))
                .anyMatch(w -> w.contains("\"Status\"") && w.contains("\"Lead\""))
                .anyMatch(w -> w.contains("\"E-mails bounced\""))
                .anyMatch(w -> w.contains("\"Newsletter\"") && w.contains("\"weekly\""));
    }

    @Test
    void a_preview_does_not_warn_of_what_says_when_and_how() {
        assertThat(
                        preview(
                                        """
                                        Email Address,OPTIN_TIME,CONFIRM_IP,UNSUB_TIME,UNSUB_REASON,plan
                                        a@example.com,2024-01-01 10:00:00,10.0.0.1,2024-02-01 10:00:00,N/A,pro
                                        """)
                                .warnings())
                .noneMatch(w -> w.contains("seems to be about consent"));
    }

    private static FileSample preview(String text) {
        return importFixture.preview(text.getBytes(StandardCharsets.UTF_8), ImportOptions.DEFAULT);
    }

    private static Outcome imported(String header, String... rows) {
        return importFixture.importText(
                header + "\n" + String.join("\n", rows) + "\n", ImportOptions.DEFAULT);
    }

    private static void contact(String email, ContactStatus status) {
        importFixture.doors.in(
                () ->
                        importFixture
                                .doors
                                .door(Contacts.class)
                                .create(
                                        new ContactDraft(
                                                email, null, null, null, null, null, null, null,
                                                null, status)));
    }

    private static void suppress(String email, SuppressionReason reason) {
        importFixture.doors.in(
                () -> importFixture.doors.door(Suppressions.class).add(email, reason, "test"));
    }

    private static Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        importFixture
                .doors
                .owner()
                .sql("SELECT email, status FROM contact")
                .query(
                        row -> {
                            statuses.put(row.getString(1), row.getString(2));
                        });
        return statuses;
    }

    private static List<String> suppressions() {
        return texts(
                "SELECT email || ' ' || reason || ' ' || source FROM suppression ORDER BY email");
    }

    private static List<String> suppressed() {
        return texts("SELECT email FROM suppression ORDER BY email");
    }

    private static List<String> audit() {
        return texts(
                "SELECT email || ' ' || was || ' ' || reason FROM consent_change ORDER BY email");
    }

    private static List<String> texts(String sql) {
        return importFixture.doors.owner().sql(sql).query(String.class).list();
    }
}
