package io.mailgenius.jobs.events;

import static io.mailgenius.jobs.events.FreshMonth.CAMPAIGN;
import static io.mailgenius.jobs.events.FreshMonth.NOW;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReportedClicksPlanTest {

    @Test
    void the_events_of_a_mail_are_found_by_contact() {
        try (FreshMonth month = new FreshMonth()) {
            List<Event> clicks =
                    LongStream.rangeClosed(1, 200)
                            .mapToObj(contact -> click(month.workspace, contact))
                            .toList();
            month.in(() -> new ReportedClicks(month.jdbc).classified(month.workspace, clicks));
            month.assertFoundBy("event_2026_03_workspace_id_contact_id_occurred_at_idx");
        }
    }

    /** Hours late, as after an outage, so that most events of the month are newer. */
    private static Event click(long workspace, long contact) {
        return new Event(
                workspace,
                NOW.minusSeconds(25_000),
                CAMPAIGN,
                contact,
                "CLICKED",
                "click " + contact,
                "mail",
                "{\"timestamp\":\"%s\",\"link\":\"https://example.com/\"}"
                        .formatted(NOW.minusSeconds(25_000)),
                null);
    }
}
