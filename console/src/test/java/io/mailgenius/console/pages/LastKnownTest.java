package io.mailgenius.console.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastKnownTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

    private Instant now = NOON;
    private final LastKnown known =
            new LastKnown(((InstantSource) () -> now).withZone(ZoneOffset.UTC));

    @AfterEach
    void end() {
        known.close();
    }

    private Seen<Integer> read(AtomicInteger reads) {
        return known.read("jobs", LastKnown.LIVE, reads::incrementAndGet);
    }

    @Test
    void many_viewers_within_a_second_cause_one_read() {
        AtomicInteger reads = new AtomicInteger();

        for (int viewer = 0; viewer < 50; viewer++) {
            assertThat(read(reads)).isEqualTo(new Seen<>(1, NOON, false));
        }
        now = NOON.plusSeconds(1);
        assertThat(read(reads)).isEqualTo(new Seen<>(2, now, false));
    }

    @Test
    void workspaces_do_not_see_what_others_have_read() {
        AtomicInteger reads = new AtomicInteger();

        assertThat(WorkspaceScope.call(1, () -> read(reads)).value()).isEqualTo(1);
        assertThat(WorkspaceScope.call(2, () -> read(reads)).value()).isEqualTo(2);
        assertThat(WorkspaceScope.call(1, () -> read(reads)).value()).isEqualTo(1);
        long inside =
                WorkspaceScope.call(
                        7,
                        () -> known.read("own", Duration.ZERO, WorkspaceScope::required).value());
        assertThat(inside).as("the workspace in which is read").isEqualTo(7);
    }

    @Test
    void who_has_changed_something_sees_it_and_other_workspaces_cause_no_read() {
        AtomicInteger reads = new AtomicInteger();
        WorkspaceScope.run(1, () -> read(reads));
        WorkspaceScope.run(2, () -> read(reads));

        WorkspaceScope.run(1, known::changed);

        assertThat(WorkspaceScope.call(2, () -> read(reads)).value()).isEqualTo(2);
        now = NOON.plusMillis(1);
        assertThat(WorkspaceScope.call(1, () -> read(reads)).value()).isEqualTo(3);
        assertThat(WorkspaceScope.call(1, () -> read(reads)).value()).isEqualTo(3);
    }

    @Test
    void what_is_being_read_while_something_changes_is_not_taken_for_what_came_after()
            throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        try (ExecutorService viewer = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Seen<String>> before =
                    viewer.submit(
                            () ->
                                    known.read(
                                            "job",
                                            LastKnown.LIVE,
                                            () -> {
                                                begun.countDown();
                                                await(answers);
                                                return "FAILED";
                                            }));
            begun.await();
            known.changed();
            now = NOON.plusMillis(1);
            assertThat(known.read("job", LastKnown.LIVE, () -> "ABANDONED").value())
                    .isEqualTo("ABANDONED");
            answers.countDown();
            assertThat(before.get().value()).isEqualTo("FAILED");
        }
        assertThat(known.read("job", LastKnown.LIVE, () -> "read again").value())
                .as("the late answer hides nothing")
                .isEqualTo("ABANDONED");
    }

    @Test
    void while_the_store_is_away_the_last_answer_is_shown_with_its_age() {
        read(new AtomicInteger());
        now = NOON.plusSeconds(40);

        Seen<Integer> shown =
                known.read(
                        "jobs",
                        LastKnown.LIVE,
                        () -> {
                            throw new IllegalStateException(
                                    new SQLException("terminating", "57P01"));
                        });

        assertThat(shown).isEqualTo(new Seen<>(1, NOON, true));
    }

    @Test
    void while_the_store_is_slow_the_last_answer_is_shown_and_nothing_more_is_asked() {
        read(new AtomicInteger());
        now = NOON.plusSeconds(40);
        CountDownLatch answers = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();

        for (int viewer = 0; viewer < 2; viewer++) {
            assertThat(
                            known.read(
                                    "jobs",
                                    LastKnown.LIVE,
                                    () -> {
                                        asked.incrementAndGet();
                                        await(answers);
                                        return 2;
                                    }))
                    .isEqualTo(new Seen<>(1, NOON, true));
        }
        answers.countDown();

        assertThat(asked).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_defect_is_not_hidden_behind_an_old_answer() {
        read(new AtomicInteger());
        now = NOON.plusSeconds(40);

        assertThatThrownBy(
                        () ->
                                known.read(
                                        "jobs",
                                        LastKnown.LIVE,
                                        () -> {
                                            throw new IllegalArgumentException("a defect");
                                        }))
                .hasMessage("a defect");
    }
}
