package io.mailgenius.jobs.events.tracking;

import static io.mailgenius.jobs.events.FreshMonth.CAMPAIGN;
import static io.mailgenius.jobs.events.FreshMonth.NOW;

import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.events.FreshMonth;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BotClassifierPlanTest {

    @Test
    void the_delivery_of_a_mail_is_found_by_contact() {
        try (FreshMonth month = new FreshMonth()) {
            List<Hit> clicks =
                    LongStream.rangeClosed(1, 200)
                            .mapToObj(contact -> click(month.workspace, contact))
                            .toList();
            LinkTable links = new LinkTable(new CampaignLinks(month.jdbc));
            new BotClassifier(links, month.jdbc, month.transaction).kinds(clicks, clicks);
            month.assertFoundBy("event_2026_03_workspace_id_contact_id_occurred_at_idx");
        }
    }

    private static Hit click(long workspace, long contact) {
        return new Hit(
                "click " + contact,
                NOW,
                workspace,
                CAMPAIGN,
                contact,
                1,
                null,
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "192.0.2.1",
                false);
    }
}
