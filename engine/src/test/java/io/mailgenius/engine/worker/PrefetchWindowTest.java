package io.mailgenius.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PrefetchWindowTest {

    private static final int SLOTS = 4;

    private final PrefetchWindow prefetchWindow = new PrefetchWindow(SLOTS);

    private void worked(Duration each) {
        for (int n = 0; n < 100; n++) {
            prefetchWindow.worked(each);
        }
    }

    private void take(int chunks) {
        for (int n = 0; n < chunks; n++) {
            prefetchWindow.acquire();
        }
    }

    @Test
    void nothing_is_prefetched_before_chunks_are_known_to_be_short() throws Exception {
        assertThat(prefetchWindow.await(Duration.ZERO)).isEqualTo(SLOTS);
    }

    @Test
    void long_chunks_are_fetched_one_for_each_slot() throws Exception {
        worked(Duration.ofSeconds(2));
        assertThat(prefetchWindow.await(Duration.ZERO)).isEqualTo(SLOTS);
    }

    @Test
    void chunks_of_ten_milliseconds_wait_for_at_most_25() throws Exception {
        worked(Duration.ofMillis(10));
        assertThat(prefetchWindow.await(Duration.ZERO))
                .as("2.5 ahead of each slot")
                .isEqualTo(SLOTS + 10);
    }

    @Test
    void at_most_eight_chunks_are_prefetched_per_slot() throws Exception {
        worked(Duration.ofNanos(1));
        assertThat(prefetchWindow.await(Duration.ZERO)).isEqualTo(SLOTS + 8 * SLOTS);
    }

    @Test
    void the_window_is_refilled_when_half_of_the_prefetched_chunks_are_used() throws Exception {
        worked(Duration.ofNanos(1));
        take(SLOTS + 8 * SLOTS);
        for (int n = 0; n < 4 * SLOTS; n++) {
            prefetchWindow.release();
        }
        assertThat(prefetchWindow.isFull()).as("one for one would cost a claim for each").isTrue();
        prefetchWindow.release();
        assertThat(prefetchWindow.isFull()).isFalse();
        assertThat(prefetchWindow.await(Duration.ZERO)).isEqualTo(4 * SLOTS + 1);
    }
}
