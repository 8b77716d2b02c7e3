package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventShards;
import io.mailgenius.jobs.events.FreshMonth;
import org.junit.jupiter.api.Test;

class BatchCountPlanTest {

    @Test
    void events_of_a_batch_are_found_by_it() {
        try (FreshMonth month = new FreshMonth()) {
            BatchCount count =
                    new BatchCount(
                            month.jdbc,
                            new UncountedBatches(month.jdbc),
                            new MailPrograms(month.jdbc));
            month.in(() -> count.count(new UncountedBatches.Range(EventShards.MIXED, 3, 4, 0)));
            month.assertFoundBy("event_2026_03_workspace_id_batch_idx");
        }
    }
}
