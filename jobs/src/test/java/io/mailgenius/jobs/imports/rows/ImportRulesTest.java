package io.mailgenius.jobs.imports.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.imports.ImportFixture;
import io.mailgenius.jobs.imports.ImportFixture.Outcome;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a row may do to a contact, and what an import may not. */
class ImportRulesTest {

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

    @Test
    void the_last_row_counts_as_if_the_earlier_ones_had_not_been_whoever_comes_first() {
        importFixture.importText(
                "email,city,phone,plan,old\na@example.com,Ulm,1,free,x\n", ImportOptions.DEFAULT);
        String file =
                """
                email,city,phone,plan,tier
                a@example.com,Bonn,2,pro,gold
                b@example.com,Bonn,2,pro,gold
                a@example.com,,3,,
                b@example.com,,3,,
                """;
        List<String> expected =
                List.of(
                        "a@example.com|Ulm|{\"old\": \"x\", \"plan\": \"free\"}|SUBSCRIBED",
                        "b@example.com|{}|SUBSCRIBED");
        for (long seed = 0; seed < 8; seed++) {
            importFixture.empty();
            importFixture.importText(
                    "email,city,phone,plan,old\na@example.com,Ulm,1,free,x\n",
                    ImportOptions.DEFAULT);
            Outcome outcome = pieces(file, ImportOptions.DEFAULT, seed);

            assertThat(importFixture.everybody()).as("seed %d", seed).isEqualTo(expected);
            assertThat(importFixture.contact(A, "phone")).isEqualTo("3");
            assertThat(outcome.rows()).isEqualTo(rows(4, 1, 1, 0, 2, 0));
        }
    }

    @Test
    void a_last_row_that_brings_nothing_new_is_unchanged_whatever_an_earlier_one_did() {
        String before = "email,city,plan\na@example.com,Ulm,free\n";
        for (long seed = 0; seed < 8; seed++) {
            importFixture.empty();
            importFixture.importText(before, ImportOptions.DEFAULT);
            String touched = importFixture.contact(A, "updated_at");

            Outcome outcome =
                    pieces(
                            "email,city,plan\na@example.com,Bonn,pro\na@example.com,,\n",
                            ImportOptions.DEFAULT,
                            seed);

            assertThat(outcome.rows()).as("seed %d", seed).isEqualTo(rows(2, 0, 0, 1, 1, 0));
            assertThat(importFixture.contact(A, "city")).isEqualTo("Ulm");
            assertThat(importFixture.contact(A, "updated_at")).isEqualTo(touched);
        }
    }

    /**
     * Any rows over any contacts, in any pieces and any order: the same as one row after the other.
     */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void pieces_in_any_order_come_to_what_the_rules_say(Mode mode) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 25; round++) {
            importFixture.empty();
            Map<String, Map<String, String>> contacts = new HashMap<>();
            StringBuilder before = new StringBuilder("email,city,phone,plan,tier\n");
            for (int n = 0; n < 3; n++) {
                Map<String, String> contact = randomRow(random, "u" + n + "@example.com");
                before.append(line(contact)).append('\n');
                contacts.put(contact.get("email"), filled(contact));
            }
            importFixture.importText(before.toString(), ImportOptions.DEFAULT);
            List<Map<String, String>> file = new ArrayList<>();
            StringBuilder text = new StringBuilder("email,city,phone,plan,tier\n");
            for (int n = 0; n < 12; n++) {
                Map<String, String> row =
                        randomRow(random, "u" + random.nextInt(6) + "@example.com");
                file.add(row);
                text.append(line(row)).append('\n');
            }
            ImportOptions options =
                    OptionsOfTests.of(
                            "{'mode': '%s', 'rules': {'phone': 'FILL', 'tier': 'FILL'}}"
                                    .formatted(mode));
            ImportOptions trial =
                    OptionsOfTests.of(
                            "{'mode': '%s', 'dryRun': true, 'rules': {'phone': 'FILL', 'tier': 'FILL'}}"
                                    .formatted(mode));
            List<String> untouched = importFixture.everybody();
            Outcome tried = pieces(text.toString(), trial, random.nextLong());
            assertThat(importFixture.everybody()).isEqualTo(untouched);

            Outcome outcome = pieces(text.toString(), options, random.nextLong());

            Map<String, Map<String, String>> expected = new HashMap<>();
            ImportView.Rows figures = byTheRules(mode, contacts, file, expected);
            assertThat(outcome.rows())
                    .as("seed %d, round %d, over%n%s%n%s", seed, round, before, text)
                    .isEqualTo(figures);
            assertThat(tried.rows()).as("seed %d, dry run", seed).isEqualTo(figures);
            assertThat(stored()).as("seed %d, round %d", seed, round).isEqualTo(expected);
        }
    }

    private static Map<String, String> randomRow(Random random, String email) {
        Map<String, String> row = new HashMap<>();
        row.put("email", email);
        for (String column : new String[] {"city", "phone", "plan", "tier"}) {
            row.put(column, random.nextInt(3) == 0 ? "" : column + random.nextInt(2));
        }
        return row;
    }

    private static String line(Map<String, String> row) {
        return String.join(
                ",",
                row.get("email"),
                row.get("city"),
                row.get("phone"),
                row.get("plan"),
                row.get("tier"));
    }

    private static Map<String, String> filled(Map<String, String> row) {
        Map<String, String> filled = new HashMap<>(row);
        filled.values().removeIf(String::isEmpty);
        return filled;
    }

    /** The rules, said once more as plainly as can be. */
    private static ImportView.Rows byTheRules(
            Mode mode,
            Map<String, Map<String, String>> before,
            List<Map<String, String>> file,
            Map<String, Map<String, String>> after) {
        before.forEach((email, contact) -> after.put(email, new HashMap<>(contact)));
        Map<String, Map<String, String>> last = new HashMap<>();
        long duplicate = 0;
        long rejected = 0;
        long unchanged = 0;
        for (Map<String, String> row : file) {
            boolean there = before.containsKey(row.get("email"));
            if (mode == Mode.UPDATE && !there) {
                rejected++;
            } else if (mode == Mode.CREATE && there) {
                unchanged++;
            } else if (last.put(row.get("email"), row) != null) {
                duplicate++;
            }
        }
        long created = 0;
        long updated = 0;
        for (Map<String, String> row : last.values()) {
            Map<String, String> contact =
                    after.computeIfAbsent(
                            row.get("email"), email -> new HashMap<>(Map.of("email", email)));
            for (String column : new String[] {"city", "plan"}) {
                if (!row.get(column).isEmpty()) {
                    contact.put(column, row.get(column));
                }
            }
            for (String column : new String[] {"phone", "tier"}) {
                if (!row.get(column).isEmpty()) {
                    contact.putIfAbsent(column, row.get(column));
                }
            }
            Map<String, String> was = before.get(row.get("email"));
            created += was == null ? 1 : 0;
            updated += was != null && !was.equals(contact) ? 1 : 0;
            unchanged += was != null && was.equals(contact) ? 1 : 0;
        }
        return rows(file.size(), created, updated, unchanged, duplicate, rejected);
    }

    private static Map<String, Map<String, String>> stored() {
        Map<String, Map<String, String>> stored = new HashMap<>();
        importFixture
                .doors
                .owner()
                .sql(
                        """
                        SELECT email, city, phone, attributes ->> 'plan' AS plan, attributes ->> 'tier' AS tier
                          FROM contact
                        """)
                .query(
                        row -> {
                            Map<String, String> contact = new HashMap<>();
                            for (String column :
                                    new String[] {"email", "city", "phone", "plan", "tier"}) {
                                if (row.getString(column) != null) {
                                    contact.put(column, row.getString(column));
                                }
                            }
                            stored.put(row.getString("email"), contact);
                        });
        return stored;
    }

    @Test
    void what_somebody_changes_while_the_file_is_read_is_not_lost() {
        importFixture.importBytes(
                "email,city,phone\na@example.com,Bonn,1\na@example.com,,2\n"
                        .getBytes(StandardCharsets.UTF_8),
                ImportOptions.DEFAULT,
                1,
                slices ->
                        slices.sort(
                                (one, other) -> {
                                    return Long.compare(one.from(), other.from());
                                }));
        assertThat(importFixture.contact(A, "city")).isNull();

        importFixture.empty();
        List<Slice> held = new ArrayList<>();
        Outcome first =
                importFixture.importBytes(
                        "email,city,phone\na@example.com,Bonn,1\na@example.com,,2\n"
                                .getBytes(StandardCharsets.UTF_8),
                        ImportOptions.DEFAULT,
                        1,
                        slices -> held.add(slices.removeLast()));
        change(A, "{'city': 'Köln'}");
        importFixture.work(first.id(), held.getFirst());

        assertThat(importFixture.contact(A, "city")).isEqualTo("Köln");
        assertThat(importFixture.contact(A, "phone")).isEqualTo("2");
        assertThat(importFixture.undo(first.id()))
                .containsEntry("deleted", 0L)
                .containsEntry("changed", 1L);
    }

    @Test
    void create_only_leaves_those_who_are_there() {
        importFixture.importText("email,city\na@example.com,Ulm\n", ImportOptions.DEFAULT);

        Outcome outcome =
                importFixture.importText(
                        "email,city\na@example.com,Bonn\nb@example.com,Bonn\n",
                        OptionsOfTests.mode(Mode.CREATE));

        assertThat(outcome.rows()).isEqualTo(rows(2, 1, 0, 1, 0, 0));
        assertThat(importFixture.contact(A, "city")).isEqualTo("Ulm");
    }

    @Test
    void update_only_makes_nobody_and_says_whom_it_missed() {
        importFixture.importText("email,city\na@example.com,Ulm\n", ImportOptions.DEFAULT);

        Outcome outcome =
                importFixture.importText(
                        "email,city\na@example.com,Bonn\nb@example.com,Bonn\n",
                        OptionsOfTests.mode(Mode.UPDATE));

        assertThat(outcome.rows()).isEqualTo(rows(2, 0, 1, 0, 0, 1));
        assertThat(importFixture.contact(B, "email")).isNull();
        assertThat(outcome.rejects()).contains("3,,no contact has this address,b@example.com,Bonn");
    }

    @Test
    void a_column_may_overwrite_fill_or_be_ignored() {
        importFixture.importText(
                "email,city,phone,plan,x\na@example.com,Ulm,1,free,1\n", ImportOptions.DEFAULT);

        importFixture.importText(
                "email,city,phone,country,plan,tier,x\na@example.com,Bonn,2,DE,pro,gold,2\n",
                OptionsOfTests.of(
                        """
                        {'rules': {'city': 'FILL', 'phone': 'IGNORE', 'country': 'FILL', 'plan': 'FILL',
                                   'tier': 'FILL', 'x': 'OVERWRITE'}}"""));

        assertThat(importFixture.contact(A, "city")).isEqualTo("Ulm");
        assertThat(importFixture.contact(A, "phone")).isEqualTo("1");
        assertThat(importFixture.contact(A, "country")).isEqualTo("DE");
        assertThat(importFixture.attributes(A).toString())
                .isEqualTo("{\"x\":2,\"plan\":\"free\",\"tier\":\"gold\"}");
    }

    @Test
    void a_default_is_for_those_who_have_nothing() {
        importFixture.importText(
                "email,country\nhas@example.com,AT\nnone@example.com,\n", ImportOptions.DEFAULT);
        ImportOptions options =
                OptionsOfTests.of(
                        "{'defaults': {'country': 'BR', 'locale': 'pt-BR', 'timeZone': 'America/Sao_Paulo'}}");

        Outcome outcome =
                importFixture.importText(
                        """
                        email,country
                        has@example.com,
                        none@example.com,
                        says@example.com,BR
                        new@example.com,
                        """,
                        options);
        importFixture.importText(
                "email,country\nhas@example.com,BR\nnew@example.com,CL\n", options);

        assertThat(outcome.rows()).isEqualTo(rows(4, 2, 2, 0, 0, 0));
        assertThat(importFixture.contact("has@example.com", "country")).isEqualTo("BR");
        assertThat(importFixture.contact("none@example.com", "country")).isEqualTo("BR");
        assertThat(importFixture.contact("says@example.com", "country")).isEqualTo("BR");
        assertThat(importFixture.contact("new@example.com", "country")).isEqualTo("CL");
        assertThat(importFixture.contact("has@example.com", "locale")).isEqualTo("pt-BR");
        assertThat(importFixture.contact("new@example.com", "time_zone"))
                .isEqualTo("America/Sao_Paulo");
    }

    @Test
    void a_default_does_not_overwrite_what_a_contact_has() {
        importFixture.importText("email,country\na@example.com,AT\n", ImportOptions.DEFAULT);

        Outcome outcome =
                importFixture.importText(
                        "email,country\na@example.com,\n",
                        OptionsOfTests.of("{'defaults': {'country': 'BR'}}"));

        assertThat(outcome.rows()).isEqualTo(rows(1, 0, 0, 1, 0, 0));
        assertThat(importFixture.contact(A, "country")).isEqualTo("AT");
    }

    @Test
    void all_lists_are_joined_and_left_again_by_an_undo() {
        long one = list("one");
        long other = list("other");
        importFixture.importText("email\na@example.com\n", ImportOptions.DEFAULT);
        importFixture.importText(
                "email\na@example.com\n", OptionsOfTests.of("{'listId': %d}".formatted(one)));

        Outcome outcome =
                importFixture.importText(
                        "email\na@example.com\nb@example.com\n",
                        OptionsOfTests.of("{'listIds': [%d, %d]}".formatted(one, other)));

        assertThat(members(one)).isEqualTo(2);
        assertThat(members(other)).isEqualTo(2);
        assertThat(importFixture.undo(outcome.id()))
                .containsEntry("takenOff", 3L)
                .containsEntry("deleted", 1L);
        assertThat(members(one)).isEqualTo(1);
        assertThat(members(other)).isZero();
    }

    @ParameterizedTest
    @EnumSource(SuppressionReason.class)
    void a_contact_that_is_made_for_a_suppressed_address_is_not_mailable(SuppressionReason reason) {
        suppress(A, reason);

        Outcome outcome =
                importFixture.importText(
                        "email\na@example.com\nb@example.com\n", ImportOptions.DEFAULT);

        assertThat(outcome.rows()).isEqualTo(rows(2, 2, 0, 0, 0, 0));
        assertThat(importFixture.contact(A, "status"))
                .isEqualTo(Suppressions.status(reason).name());
        assertThat(importFixture.contact(B, "status")).isEqualTo("SUBSCRIBED");
    }

    @ParameterizedTest
    @EnumSource(ContactStatus.class)
    void an_import_changes_nobodys_status(ContactStatus status) {
        contact(A, status);

        importFixture.importText(
                "email,city,status\na@example.com,Ulm,SUBSCRIBED\n", ImportOptions.DEFAULT);

        assertThat(importFixture.contact(A, "city")).isEqualTo("Ulm");
        assertThat(importFixture.contact(A, "status")).isEqualTo(status.name());
    }

    @Test
    void whoever_gives_a_reason_resubscribes_and_it_is_written_down() {
        for (ContactStatus status : ContactStatus.values()) {
            contact(status.name().toLowerCase() + "@example.com", status);
        }
        suppress("complained@example.com", SuppressionReason.COMPLAINED);
        suppress("new@example.com", SuppressionReason.MANUAL);
        List<String> before = importFixture.everybody();

        Outcome outcome =
                importFixture.importText(
                        """
                        email
                        subscribed@example.com
                        pending@example.com
                        unsubscribed@example.com
                        bounced@example.com
                        complained@example.com
                        new@example.com
                        """,
                        OptionsOfTests.of(
                                "{'resubscribe': {'reason': 'signed the form of 3 May'}}"));

        assertThat(outcome.rows()).isEqualTo(rows(6, 1, 3, 2, 0, 0));
        assertThat(importFixture.contact("pending@example.com", "status")).isEqualTo("PENDING");
        for (String freed : new String[] {"unsubscribed", "bounced", "complained", "new"}) {
            assertThat(importFixture.contact(freed + "@example.com", "status"))
                    .isEqualTo("SUBSCRIBED");
        }
        assertThat(suppressions()).isEmpty();
        assertThat(audit())
                .containsExactly(
                        "bounced@example.com BOUNCED - signed the form of 3 May",
                        "complained@example.com COMPLAINED COMPLAINED signed the form of 3 May",
                        "new@example.com UNSUBSCRIBED MANUAL signed the form of 3 May",
                        "unsubscribed@example.com UNSUBSCRIBED - signed the form of 3 May");

        importFixture.undo(outcome.id());
        assertThat(importFixture.everybody()).isEqualTo(before);
        assertThat(suppressions())
                .containsExactly("complained@example.com COMPLAINED", "new@example.com MANUAL");
    }

    @Test
    void a_dry_run_of_a_resubscription_frees_nobody() {
        contact(A, ContactStatus.UNSUBSCRIBED);
        suppress(A, SuppressionReason.UNSUBSCRIBED);

        Outcome outcome =
                importFixture.importText(
                        "email\na@example.com\n",
                        OptionsOfTests.of("{'dryRun': true, 'resubscribe': {'reason': 'asked'}}"));

        assertThat(outcome.rows()).isEqualTo(rows(1, 0, 1, 0, 0, 0));
        assertThat(importFixture.contact(A, "status")).isEqualTo("UNSUBSCRIBED");
        assertThat(suppressions()).containsExactly("a@example.com UNSUBSCRIBED");
        assertThat(audit()).isEmpty();
    }

    @Test
    void a_contact_is_not_given_more_attributes_than_it_may_have() {
        StringBuilder header = new StringBuilder("email");
        StringBuilder row = new StringBuilder();
        for (int n = 0; n < 150; n++) {
            header.append(",old").append(n);
            row.append(",x");
        }
        importFixture.importText(
                header + "\na@example.com" + row + "\nb@example.com" + row + "\n",
                ImportOptions.DEFAULT);
        String more = header.toString().replace("old", "new");

        for (String dryRun : new String[] {"true", "false"}) {
            Outcome outcome =
                    importFixture.importText(
                            more
                                    + "\nc@example.com"
                                    + row
                                    + "\na@example.com"
                                    + ",y".repeat(50)
                                    + ",".repeat(100)
                                    + "\na@example.com"
                                    + row
                                    + "\n",
                            OptionsOfTests.of("{'dryRun': " + dryRun + "}"));

            assertThat(outcome.rows()).isEqualTo(rows(3, 1, 1, 0, 0, 1));
            assertThat(outcome.rejects()).contains("4,,\"" + Staging.TOO_MANY);
        }
        assertThat(importFixture.attributes(A).size()).isEqualTo(200);
        assertThat(importFixture.attributes(A).path("new0").asString()).isEqualTo("y");
    }

    @Test
    void an_undo_takes_back_what_the_import_did_and_nothing_else() {
        importFixture.importText(
                "email,city,plan\nchanged@example.com,Ulm,free\nsame@example.com,Ulm,free\nother@example.com,Ulm,free\n",
                ImportOptions.DEFAULT);
        List<String> before = importFixture.everybody();
        String time = importFixture.contact("changed@example.com", "updated_at");

        Outcome outcome =
                pieces(
                        """
                        email,city,plan,tier
                        changed@example.com,Köln,,gold
                        changed@example.com,Bonn,pro,
                        same@example.com,Ulm,,
                        new@example.com,Bonn,pro,gold
                        new@example.com,Ulm,,
                        """,
                        ImportOptions.DEFAULT,
                        3);
        assertThat(outcome.rows()).isEqualTo(rows(5, 1, 1, 1, 2, 0));

        assertThat(importFixture.undo(outcome.id()))
                .isEqualTo(
                        Map.of(
                                "deleted", 1L,
                                "restored", 1L,
                                "takenOff", 0L,
                                "changed", 0L,
                                "mailed", 0L,
                                "onOtherLists", 0L));
        assertThat(importFixture.everybody()).isEqualTo(before);
        assertThat(importFixture.contact("changed@example.com", "updated_at")).isEqualTo(time);
        assertThat(importFixture.undo(outcome.id()).values()).containsOnly(0L);
    }

    @Test
    void an_undo_leaves_whom_somebody_has_touched_since_and_says_so() {
        importFixture.importText("email,city\nedited@example.com,Ulm\n", ImportOptions.DEFAULT);
        Outcome outcome =
                importFixture.importText(
                        """
                        email,city
                        edited@example.com,Bonn
                        newedited@example.com,Bonn
                        mailed@example.com,Bonn
                        listed@example.com,Bonn
                        again@example.com,Bonn
                        """,
                        ImportOptions.DEFAULT);
        change("edited@example.com", "{'phone': '1'}");
        change("newedited@example.com", "{'phone': '1'}");
        mail("mailed@example.com");
        long list = list("by hand");
        importFixture.doors.in(
                () ->
                        importFixture
                                .doors
                                .door(Lists.class)
                                .addByEmail(list, List.of("listed@example.com")));
        importFixture.importText("email,city\nagain@example.com,Bonn\n", ImportOptions.DEFAULT);
        List<String> before = importFixture.everybody();

        assertThat(importFixture.undo(outcome.id()))
                .isEqualTo(
                        Map.of(
                                "deleted", 0L,
                                "restored", 0L,
                                "takenOff", 0L,
                                "changed", 2L,
                                "mailed", 1L,
                                "onOtherLists", 1L));
        assertThat(importFixture.everybody()).isEqualTo(before);
    }

    @Test
    void an_undo_deletes_nobody_who_may_have_got_a_mail_that_is_forgotten() {
        Outcome outcome =
                importFixture.importText("email\nold@example.com\n", ImportOptions.DEFAULT);
        mail("old@example.com");
        importFixture.doors.owner().sql("DELETE FROM send").update();
        importFixture.doors.owner().sql("UPDATE campaign SET sends_forgotten_at = now()").update();
        assertThat(importFixture.undo(outcome.id())).containsEntry("mailed", 1L);
        assertThat(importFixture.everybody()).hasSize(1);
    }

    private Outcome pieces(String file, ImportOptions options, long seed) {
        return importFixture.importBytes(
                file.getBytes(StandardCharsets.UTF_8), options, 1, ImportFixture.shuffled(seed));
    }

    private static ImportView.Rows rows(
            long read, long created, long updated, long unchanged, long duplicate, long rejected) {
        return new ImportView.Rows(read, created, updated, unchanged, duplicate, rejected);
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

    private static void change(String email, String patch) {
        long id = Long.parseLong(importFixture.contact(email, "id"));
        importFixture.doors.in(
                () ->
                        importFixture
                                .doors
                                .door(Contacts.class)
                                .update(
                                        id,
                                        (ObjectNode)
                                                JsonMapper.shared()
                                                        .readTree(patch.replace('\'', '"'))));
    }

    private static void suppress(String email, SuppressionReason reason) {
        importFixture.doors.in(
                () -> importFixture.doors.door(Suppressions.class).add(email, reason, "test"));
    }

    private static void mail(String email) {
        importFixture
                .doors
                .owner()
                .sql("SELECT ensure_send_partition(1)")
                .query((row, n) -> n)
                .list();
        importFixture
                .doors
                .owner()
                .sql(
                        """
                        WITH sent AS (
                            INSERT INTO campaign (id, workspace_id, name, subject, sender, html, audience, status,
                                                  launched_at)
                            SELECT 1, workspace_id, 'c', 's', 'news@example.com', 'x', '{}', 'SENDING', now()
                              FROM contact WHERE email = :email
                        )
                        INSERT INTO send (workspace_id, campaign_id, contact_id, status, recorded_at)
                        SELECT workspace_id, 1, id, 'SENT', now() FROM contact WHERE email = :email
                        """)
                .param("email", email)
                .update();
    }

    private static long list(String name) {
        return importFixture.doors.in(
                () -> importFixture.doors.door(Lists.class).create(name).id());
    }

    private static long members(long list) {
        return importFixture.doors.in(
                () -> importFixture.doors.door(Lists.class).find(list).members());
    }

    private static List<String> suppressions() {
        return importFixture
                .doors
                .owner()
                .sql("SELECT email || ' ' || reason FROM suppression ORDER BY email")
                .query(String.class)
                .list();
    }

    private static List<String> audit() {
        return importFixture
                .doors
                .owner()
                .sql(
                        """
                        SELECT concat_ws(' ', email, was, coalesce(suppression, '-'), reason)
                          FROM consent_change ORDER BY email
                        """)
                .query(String.class)
                .list();
    }
}
