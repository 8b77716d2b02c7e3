package io.mailgenius.jobs.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.cluster.RoundMonitor;
import io.mailgenius.jobs.contacts.ContactFilter;
import io.mailgenius.jobs.contacts.ContactParts;
import io.mailgenius.jobs.contacts.ContactView;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.segments.Audience;
import io.mailgenius.jobs.segments.RandomRule;
import io.mailgenius.schema.ContactStatus;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** Substring searches with and without the index return the same contacts in the same order. */
class ContactPartsTest {

    private static final List<String> NAMES =
            List.of(
                    "Ada", "Adèle", "STRASSE", "Straße", "100%", "a_b", "Müller", "李雷", "O'Neil",
                    "");
    private static final List<String> PARTS =
            List.of(
                    "a",
                    "AD",
                    "ad",
                    "ss",
                    "ß",
                    "%",
                    "_",
                    "ü",
                    "雷",
                    "neil a",
                    "@",
                    "example",
                    ".com",
                    "l",
                    "le",
                    "contact1",
                    "nobody",
                    " ",
                    "a\nb");

    private static Audience audience;
    private static SegmentIndexes indexes;

    @BeforeAll
    static void a_workspace() {
        audience = new Audience();
        for (int i = 0; i < 50; i++) {
            contact(new Random(i), i);
        }
        indexes =
                new SegmentIndexes(
                        audience.jdbc,
                        audience.transactions,
                        Clock.fixed(Audience.NOW, ZoneOffset.UTC),
                        new RoundMonitor(System::nanoTime, loop -> {}, null),
                        64L << 20,
                        1);
        indexes.start();
        await().until(() -> having("a", 0, 9).isPresent());
    }

    @AfterAll
    static void close() {
        indexes.stop();
        audience.close();
    }

    private static long contact(Random random, int number) {
        return audience.contact("Contact" + number, names(random));
    }

    private static Map<String, Object> names(Random random) {
        Map<String, Object> names = new HashMap<>();
        names.put("first_name", RandomRule.pick(random, NAMES));
        names.put("status", RandomRule.pick(random, RandomRule.STATUSES));
        if (random.nextBoolean()) {
            names.put("last_name", RandomRule.pick(random, NAMES));
        }
        return names;
    }

    private static Optional<ContactParts.Found> having(String part, long after, int most) {
        return audience.inside(() -> indexes.having(part, after, most));
    }

    private static List<Long> page(
            Map<String, Object> parts, ContactFilter filter, long after, int limit) {
        Contacts contacts =
                new Contacts(
                        audience.jdbc,
                        new StaticListableBeanFactory(parts).getBeanProvider(ContactParts.class),
                        new StaticListableBeanFactory()
                                .getBeanProvider(
                                        io.mailgenius.jobs.secrets.SecretEncryption.class));
        return audience.inside(
                () ->
                        contacts.page(filter, after, limit).items().stream()
                                .map(ContactView::id)
                                .toList());
    }

    private static ContactFilter part(String part, @Nullable ContactStatus status) {
        return new ContactFilter(null, part, status, null, null);
    }

    @Test
    void the_index_finds_the_same_contacts_as_sql() {
        Random random = new Random(20260315);
        List<Long> contacts = new ArrayList<>(page(Map.of(), ContactFilter.ALL, 0, 200));
        int found = 0;
        for (int round = 0; round < 40; round++) {
            change(random, contacts, round);
            String part = RandomRule.pick(random, PARTS);
            long after = random.nextBoolean() ? 0 : RandomRule.pick(random, contacts);
            ContactStatus status = random.nextInt(3) == 0 ? ContactStatus.SUBSCRIBED : null;
            int limit = random.nextInt(1, 60);
            List<Long> expected = page(Map.of(), part(part, status), after, limit);
            assertThat(page(Map.of("index", indexes), part(part, status), after, limit))
                    .as("round %d, %s after %d, %s", round, part, after, status)
                    .isEqualTo(expected);
            found += expected.size();
            int most = random.nextInt(1, 9);
            having(part.toLowerCase(java.util.Locale.ROOT).strip(), after, most)
                    .ifPresent(
                            it ->
                                    assertThat(idsOrChanged(it))
                                            .as("up to %d", it.through())
                                            .containsAll(
                                                    page(Map.of(), part(part, null), after, 200)
                                                            .stream()
                                                            .filter(id -> id <= it.through())
                                                            .toList()));
        }
        assertThat(found).isGreaterThan(100);
        assertThat(having("a\nb", 0, 9)).as("more than a line").isEmpty();
    }

    private static Set<Long> idsOrChanged(ContactParts.Found found) {
        assertThat(found.ids()).isSorted();
        Set<Long> all = new HashSet<>(found.ids());
        all.addAll(
                audience.inside(() -> ContactChanges.since(audience.jdbc, found.seen(), 200))
                        .contacts());
        return all;
    }

    private static void change(Random random, List<Long> contacts, int round) {
        long id = RandomRule.pick(random, contacts);
        switch (random.nextInt(3)) {
            case 0 -> contacts.add(contact(random, 1_000 + round));
            case 1 -> {
                contacts.remove(id);
                execute("DELETE FROM contact WHERE id = " + id);
            }
            default ->
                    execute(
                            "UPDATE contact SET last_name = '%s', email = 'moved%d@example.com' WHERE id = %d"
                                    .formatted(
                                            RandomRule.pick(random, NAMES).replace("'", "''"),
                                            round,
                                            id));
        }
    }

    private static void execute(String sql) {
        audience.inside(() -> audience.jdbc.sql(sql).update());
    }

    /**
     * Many contacts match the substring and few of them the status, so the page continues after the
     * candidates of the index. All contacts have changed, and none may appear twice for that
     * reason.
     */
    @Test
    void a_page_is_full_though_the_index_names_only_the_first() {
        long lonely = audience.contact("Zzz1", Map.of("status", "PENDING"));
        audience.contact("Zzz2", Map.of("status", "BOUNCED"));
        long late = audience.contact("Zzz3", Map.of("status", "PENDING"));
        ContactParts first =
                (_, after, _) ->
                        Optional.of(
                                after < lonely
                                        ? new ContactParts.Found(List.of(lonely), 0, lonely)
                                        : new ContactParts.Found(List.of(late), 0, Long.MAX_VALUE));
        ContactFilter pending = part("zzz", ContactStatus.PENDING);
        assertThat(page(Map.of("first", first), pending, 0, 5)).containsExactly(lonely, late);
        assertThat(page(Map.of("first", first), pending, 0, 1)).containsExactly(lonely);
        assertThat(page(Map.of("first", first), pending, lonely, 5)).containsExactly(late);
    }

    @Test
    void other_workspaces_are_not_searched() {
        long stranger = audience.contact(audience.stranger, "Stranger", Map.of());
        assertThat(having("stranger", 0, 9).orElseThrow().ids()).doesNotContain(stranger);
    }
}
