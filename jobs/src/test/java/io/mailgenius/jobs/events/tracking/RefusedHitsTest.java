package io.mailgenius.jobs.events.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.events.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusedHitsTest {

    private static final Receipt TAKEN = new Receipt.Stored();
    private static final Receipt FAILED = new Receipt.Failed("the database failed");
    private static final List<Hit> HITS = List.of(hit("a"), hit("b"));

    private final RefusedHits refusedHits = new RefusedHits();

    private static Hit hit(String id) {
        return new Hit(id, Instant.EPOCH, 1, 1, 1, 0, null, "", "", false);
    }

    @Test
    void a_hit_with_invalid_data_is_refused_at_once() {
        assertThat(refusedHits.of(HITS, List.of(FAILED, new Receipt.Unreadable("no"))))
                .containsExactly("b");
    }

    @Test
    void a_hit_that_keeps_failing_is_refused_while_others_succeed() {
        for (int n = 1; n < RefusedHits.PATIENCE; n++) {
            assertThat(refusedHits.of(HITS, List.of(TAKEN, FAILED))).isEmpty();
        }
        assertThat(refusedHits.of(HITS, List.of(TAKEN, FAILED))).containsExactly("b");
    }

    @Test
    void while_all_hits_fail_none_is_refused() {
        Receipt busy = new Receipt.Overloaded(Duration.ofSeconds(1));
        for (int n = 0; n < 10 * RefusedHits.PATIENCE; n++) {
            assertThat(refusedHits.of(HITS, List.of(FAILED, FAILED))).isEmpty();
            assertThat(refusedHits.of(HITS, List.of(TAKEN, busy))).isEmpty();
        }
    }
}
