package io.mailgenius.jobs.events.tracking;

import static io.mailgenius.jobs.events.EventsFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.delivery.tokens.TrackingTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import io.mailgenius.jobs.events.EventsFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class TrackingResponderTest {

    private static final String BROWSER =
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final Visit PERSON = new Visit(BROWSER, "198.51.100.7", false);
    private static final Visit HEAD = new Visit(BROWSER, "198.51.100.7", true);
    private static final TrackingTokens TOKENS = new TrackingTokens(new byte[32]);
    private static EventsFixture fixture;

    @TempDir Path temporary;
    private Path folder;
    private long campaign;
    private TrackingResponder trackingResponder;

    @BeforeAll
    static void open() {
        fixture = new EventsFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void campaign() {
        folder = temporary.resolve("journal");
        campaign =
                fixture.owner
                        .sql(
                                """
                                INSERT INTO campaign (workspace_id, name, subject, sender, audience)
                                VALUES (:workspace, 'c', 's', 'a@example.com', '{}') RETURNING id
                                """)
                        .param("workspace", fixture.workspace)
                        .query(Long.class)
                        .single();
        link(1, "https://shop.example/1", false);
        link(2, "https://shop.example/2", false);
        link(3, "https://shop.example/3", false);
        link(4, "https://shop.example/{{ contact.id }}", true);
        fixture.owner.sql("DELETE FROM event").update();
        fixture.owner.sql("DELETE FROM event_receipt").update();
        trackingResponder = tracking(1 << 20);
        trackingResponder.start();
    }

    private void link(int number, String url, boolean own) {
        fixture.owner
                .sql("INSERT INTO campaign_link VALUES (?, ?, ?, ?, ?)")
                .params(fixture.workspace, campaign, number, url, own)
                .update();
    }

    /** The clock stands still, so no record of the journal is due before the end. */
    private TrackingResponder tracking(long room) {
        return new TrackingResponder(
                TOKENS,
                new CampaignLinks(fixture.owner),
                fixture.events,
                JdbcClient.create(fixture.database.dataSource()),
                new WorkspaceTransactionManager(fixture.database.dataSource()),
                Clock.fixed(NOW, ZoneOffset.UTC),
                fixture.meters,
                new Journal(folder, room));
    }

    private Recipient recipient(long contact) {
        return new Recipient(fixture.workspace, campaign, contact);
    }

    private String listed(long contact, int link) {
        return TOKENS.mail(recipient(contact))
                + "."
                + TOKENS.code(fixture.workspace, campaign, link);
    }

    private static List<String> events() {
        return fixture.owner
                .sql(
                        """
                        SELECT concat_ws(' ', contact_id, type, detail ->> 'link', detail ->> 'url', detail ->> 'machine')
                          FROM event ORDER BY 1
                        """)
                .query(String.class)
                .list();
    }

    @Test
    void a_click_redirects_to_the_target_and_is_stored() {
        assertThat(trackingResponder.click(listed(1, 2), PERSON))
                .contains("https://shop.example/2");
        String own = TOKENS.code(recipient(1), 4, "https://shop.example/1?a=b");
        assertThat(trackingResponder.click(TOKENS.mail(recipient(1)) + "." + own, PERSON))
                .contains("https://shop.example/1?a=b");
        assertThat(trackingResponder.open(TOKENS.mail(recipient(2)), PERSON)).isTrue();

        assertThat(trackingResponder.click(listed(1, 4), PERSON)).as("needs its address").isEmpty();
        assertThat(trackingResponder.click(listed(1, 5), PERSON)).as("no such link").isEmpty();
        assertThat(trackingResponder.click(listed(1, 2) + "A", PERSON)).isEmpty();
        assertThat(trackingResponder.open("AAAA", PERSON)).isFalse();
        assertThat(fixture.count("event")).as("answered before it is an event").isZero();

        trackingResponder.stop();
        assertThat(events())
                .containsExactly(
                        "1 CLICKED 2 https://shop.example/2",
                        "1 CLICKED 4 https://shop.example/1?a=b",
                        "2 OPENED");
        assertThat(
                        fixture.owner
                                .sql(
                                        "SELECT DISTINCT detail ->> 'ip', detail ->> 'userAgent' FROM event")
                                .query((row, n) -> row.getString(1) + " " + row.getString(2))
                                .list())
                .containsExactly("198.51.100.7 " + BROWSER);
        assertThat(folder).as("all files are deleted").isEmptyDirectory();
    }

    @Test
    void an_answered_hit_becomes_exactly_one_event_after_a_crash() throws IOException {
        trackingResponder.click(listed(1, 1), PERSON);
        trackingResponder.open(TOKENS.mail(recipient(1)), PERSON);
        Path copy = copied(); // the disk of a node that dies now
        trackingResponder.stop();
        assertThat(events()).hasSize(2);

        Files.move(copy, folder.resolve("left.journal"));
        Files.write(
                folder.resolve("left.journal"),
                new byte[] {0, 0, 1, 0, 1, 2, 3, 4, '{', '"'},
                StandardOpenOption.APPEND);
        trackingResponder = tracking(1 << 20);
        trackingResponder.start();
        trackingResponder.stop();
        assertThat(events()).as("duplicates by their ids").hasSize(2);

        fixture.owner.sql("DELETE FROM event").update();
        fixture.owner.sql("DELETE FROM event_receipt").update();
        trackingResponder = tracking(1 << 20);
        trackingResponder.start();
        trackingResponder.click(listed(2, 1), PERSON);
        Files.move(copied(), folder.resolve("crashed.journal"));
        trackingResponder.stop();
        fixture.owner.sql("DELETE FROM event").update();
        fixture.owner.sql("DELETE FROM event_receipt").update();
        trackingResponder = tracking(1 << 20);
        trackingResponder.start();
        trackingResponder.stop();
        assertThat(events()).containsExactly("2 CLICKED 1 https://shop.example/1");
        assertThat(folder).isEmptyDirectory();
    }

    /** Whoever has a mail can request its links for ever. */
    @Test
    void one_mail_makes_a_bounded_number_of_events_of_each_type() {
        for (int batch = 0; batch < 3; batch++) {
            for (int hit = 0; hit < RepeatedHits.MOST; hit++) {
                trackingResponder.click(listed(1, 1), PERSON);
                trackingResponder.open(TOKENS.mail(recipient(1)), HEAD);
            }
            trackingResponder.click(listed(2, 1), PERSON);
            trackingResponder.stop();
            trackingResponder = tracking(1 << 20);
            trackingResponder.start();
        }
        trackingResponder.open(TOKENS.mail(recipient(1)), PERSON);
        trackingResponder.stop();

        assertThat(
                        fixture.owner
                                .sql(
                                        """
                                        SELECT concat_ws(' ', contact_id, type, count(*)) FROM event
                                         GROUP BY contact_id, type ORDER BY 1
                                        """)
                                .query(String.class)
                                .list())
                .containsExactly(
                        "1 CLICKED " + RepeatedHits.MOST,
                        "1 MACHINE_OPENED " + RepeatedHits.MOST,
                        "1 OPENED 1",
                        "2 CLICKED 3");
        assertThat(
                        fixture.meters
                                .counter("mailgenius.tracking.hits", "outcome", "repeated")
                                .count())
                .isEqualTo(4.0 * RepeatedHits.MOST);
        assertThat(folder).isEmptyDirectory();
    }

    private Path copied() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.findFirst().orElseThrow();
            return Files.copy(file, folder.resolveSibling(file.getFileName() + ".copy"));
        }
    }

    @Test
    void the_journal_keeps_hits_while_the_database_fails() {
        trackingResponder.click(listed(1, 1), PERSON);
        fixture.events.stop();
        try {
            assertThat(trackingResponder.click(listed(2, 1), PERSON)).isPresent();
            trackingResponder.stop();
            assertThat(fixture.count("event")).isZero();
        } finally {
            fixture.events.start();
        }
        trackingResponder = tracking(1 << 20);
        trackingResponder.start();
        trackingResponder.stop();
        assertThat(events()).hasSize(2);
    }

    @Test
    void a_refused_hit_is_moved_and_does_not_block_others() throws IOException {
        fixture.owner.sql("ALTER TABLE event ADD CONSTRAINT odd CHECK (contact_id <> 13)").update();
        try {
            trackingResponder.open(TOKENS.mail(recipient(13)), PERSON);
            Path left = copied(); // a file of its own, before the others
            trackingResponder.open(TOKENS.mail(recipient(14)), PERSON);
            trackingResponder.stop();
            assertThat(events()).containsExactly("14 OPENED");
            assertThat(names(folder)).singleElement().asString().endsWith(".refused");
            assertThat(refused()).isEqualTo(1);

            // After a file with a single hit and a record that cannot be parsed.
            Files.move(left, folder.resolve("0.journal"));
            Files.write(folder.resolve("1.journal"), JournalFile.framed(new byte[] {'?'}));
            trackingResponder = tracking(1 << 20);
            trackingResponder.start();
            trackingResponder.open(TOKENS.mail(recipient(15)), PERSON);
            trackingResponder.stop();
            assertThat(events()).containsExactly("14 OPENED", "15 OPENED");
            assertThat(names(folder)).hasSize(2).allMatch(name -> name.endsWith(".refused"));
            assertThat(refused()).isEqualTo(3);
        } finally {
            fixture.owner.sql("ALTER TABLE event DROP CONSTRAINT odd").update();
        }
        for (String name : names(folder)) {
            Files.move(folder.resolve(name), folder.resolve(name + ".journal"));
        }
        trackingResponder = tracking(1 << 20);
        trackingResponder.start();
        trackingResponder.stop();
        assertThat(events())
                .as("after the correction")
                .containsExactly("13 OPENED", "14 OPENED", "15 OPENED");
    }

    @Test
    void a_hit_that_fails_temporarily_does_not_block_others() {
        fixture.owner
                .sql(
                        """
                        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE 'not now'; END $$
                        """)
                .update();
        fixture.owner
                .sql(
                        """
                        CREATE TRIGGER fail BEFORE INSERT ON event
                            FOR EACH ROW WHEN (NEW.contact_id = 13) EXECUTE FUNCTION fail()
                        """)
                .update();
        try {
            trackingResponder.open(TOKENS.mail(recipient(13)), PERSON);
            trackingResponder.stop();
            trackingResponder = tracking(1 << 20);
            trackingResponder.start();
            trackingResponder.open(TOKENS.mail(recipient(14)), PERSON); // in the next file
            trackingResponder.stop();
            assertThat(events()).containsExactly("14 OPENED");
        } finally {
            fixture.owner.sql("DROP FUNCTION fail CASCADE").update();
        }
        trackingResponder = tracking(1 << 20);
        trackingResponder.start();
        trackingResponder.stop();
        assertThat(events()).containsExactly("13 OPENED", "14 OPENED");
        assertThat(folder).isEmptyDirectory();
    }

    private static double refused() {
        return fixture.meters.counter("mailgenius.tracking.hits", "outcome", "refused").count();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void hits_are_written_directly_while_the_journal_is_full() {
        trackingResponder.stop();
        trackingResponder = tracking(0);
        trackingResponder.start();
        assertThat(trackingResponder.click(listed(1, 1), PERSON)).isPresent();
        assertThat(events()).containsExactly("1 CLICKED 1 https://shop.example/1");
        trackingResponder.stop();
    }

    @Test
    void bots_are_distinguished_from_people() {
        click(1, 1, PERSON);
        click(2, 1, new Visit(BROWSER, "198.51.100.7", true));
        click(3, 1, new Visit("Barracuda Sentinel (EE)", "198.51.100.7", false));
        click(4, 1, new Visit(BROWSER, "52.101.3.4", false));
        click(5, 1, new Visit("", "198.51.100.7", false));
        trackingResponder.open(
                TOKENS.mail(recipient(6)), new Visit("Mozilla/5.0", "203.0.113.9", false));
        trackingResponder.open(TOKENS.mail(recipient(7)), new Visit(BROWSER, "17.58.0.1", false));
        trackingResponder.open(
                TOKENS.mail(recipient(8)),
                new Visit("Mozilla/5.0 (via ggpht.com GoogleImageProxy)", "66.249.84.1", false));
        delivered(9, NOW.minusSeconds(2));
        click(9, 1, PERSON);
        delivered(10, NOW.minusSeconds(4));
        click(10, 1, PERSON);
        for (int link = 1; link <= 3; link++) {
            click(11, link, PERSON);
        }
        trackingResponder.click(
                TOKENS.mail(recipient(11))
                        + "."
                        + TOKENS.code(recipient(11), 4, "https://shop.example/11"),
                PERSON);
        for (int link = 1; link <= 3; link++) {
            click(12, link, PERSON);
        }
        trackingResponder.stop();
        assertThat(events())
                .filteredOn(event -> !event.contains("DELIVERED"))
                .map(event -> event.replaceAll(" \\d? ?https\\S+", ""))
                .containsExactlyInAnyOrder(
                        "1 CLICKED",
                        "2 MACHINE_CLICKED scanner",
                        "3 MACHINE_CLICKED scanner",
                        "4 MACHINE_CLICKED scanner",
                        "5 MACHINE_CLICKED bot",
                        "6 MACHINE_OPENED apple-privacy",
                        "7 MACHINE_OPENED apple-privacy",
                        "8 OPENED",
                        "9 MACHINE_CLICKED too-soon",
                        "10 CLICKED",
                        "11 MACHINE_CLICKED scanner",
                        "11 MACHINE_CLICKED scanner",
                        "11 MACHINE_CLICKED scanner",
                        "11 MACHINE_CLICKED scanner",
                        "12 CLICKED",
                        "12 CLICKED",
                        "12 CLICKED");
    }

    private void click(long contact, int link, Visit visit) {
        assertThat(trackingResponder.click(listed(contact, link), visit)).isPresent();
    }

    private void delivered(long contact, Instant at) {
        fixture.owner
                .sql(
                        """
                        INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id)
                        VALUES (?, ?::timestamptz, ?, ?, 'DELIVERED', gen_random_uuid()::text)
                        """)
                .params(fixture.workspace, at.toString(), campaign, contact)
                .update();
    }
}
