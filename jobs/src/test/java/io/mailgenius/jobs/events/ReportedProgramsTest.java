package io.mailgenius.jobs.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportedProgramsTest {

    private static final Receipt STORED = new Receipt.Stored();
    private static final String BROWSER =
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private final EventsFixture fixture = new EventsFixture();
    private int messages;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void reported_events_of_bots_are_recognised() {
        visited("opened", 1, "Mozilla/5.0", "203.0.113.9");
        visited("opened", 2, BROWSER, "17.58.0.1");
        visited("opened", 3, "Mozilla/5.0 (via ggpht.com GoogleImageProxy)", "66.249.84.1");
        visited("clicked", 4, "Barracuda Sentinel (EE)", "198.51.100.7");
        visited("clicked", 5, BROWSER, "52.101.3.4");
        visited("clicked", 6, "", "198.51.100.7");
        visited("clicked", 7, BROWSER, "198.51.100.7");
        fixture.post("8", fixture.body("email.opened", 7, 8, ""));
        assertThat(classified())
                .containsExactly(
                        "1 MACHINE_OPENED apple-privacy",
                        "2 MACHINE_OPENED apple-privacy",
                        "3 OPENED",
                        "4 MACHINE_CLICKED scanner",
                        "5 MACHINE_CLICKED scanner",
                        "6 MACHINE_CLICKED bot",
                        "7 CLICKED",
                        "8 OPENED");
    }

    private void visited(String type, long contact, String agent, String ip) {
        String visit =
                ",\"%s\":{\"ipAddress\":\"%s\",\"userAgent\":\"%s\",\"link\":\"https://a\",\"timestamp\":\"2026-03-05T11:30:00Z\"}"
                        .formatted(type.equals("opened") ? "open" : "click", ip, agent);
        assertThat(fixture.post(type + contact, fixture.body("email." + type, 7, contact, visit)))
                .isEqualTo(STORED);
    }

    private List<String> classified() {
        return fixture.owner
                .sql(
                        """
                        SELECT concat_ws(' ', contact_id, type, detail ->> 'machine') FROM event
                         WHERE type <> 'DELIVERED' ORDER BY contact_id, detail ->> 'link'
                        """)
                .query(String.class)
                .list();
    }

    @Test
    void a_reported_click_too_soon_after_the_delivery_is_of_a_bot() {
        fixture.post("d1", fixture.body("email.delivered", 7, 1, "")); // at 11:22:33.444
        clicked(1, "a", "11:22:36.443");
        fixture.post("d2", fixture.body("email.delivered", 7, 2, ""));
        clicked(2, "a", "11:22:36.444");
        fixture.post("d3", fixture.body("email.delivered", 8, 3, "")); // of another campaign
        clicked(3, "a", "11:22:34.000");
        assertThat(classified())
                .containsExactly("1 MACHINE_CLICKED too-soon", "2 CLICKED", "3 CLICKED");
    }

    @Test
    void the_sixth_click_of_a_burst_and_later_ones_are_of_a_bot() {
        List.of("a", "b", "c", "d", "e", "e", "f", "g")
                .forEach(link -> clicked(1, link, "11:30:00.100"));
        List.of("a", "b", "c", "d", "e", "e").forEach(link -> clicked(2, link, "11:30:00.100"));
        clicked(2, "f", "11:30:05.101");
        assertThat(classified())
                .containsExactly(
                        "1 CLICKED",
                        "1 CLICKED",
                        "1 CLICKED",
                        "1 CLICKED",
                        "1 CLICKED",
                        "1 CLICKED",
                        "1 MACHINE_CLICKED scanner",
                        "1 MACHINE_CLICKED scanner",
                        "2 CLICKED",
                        "2 CLICKED",
                        "2 CLICKED",
                        "2 CLICKED",
                        "2 CLICKED",
                        "2 CLICKED",
                        "2 CLICKED");
    }

    private void clicked(long contact, String link, String time) {
        String click =
                ",\"click\":{\"userAgent\":\"%s\",\"link\":\"https://%s\",\"timestamp\":\"2026-03-05T%sZ\"}"
                        .formatted(BROWSER, link, time);
        fixture.post("msg" + messages++, fixture.body("email.clicked", 7, contact, click));
    }
}
