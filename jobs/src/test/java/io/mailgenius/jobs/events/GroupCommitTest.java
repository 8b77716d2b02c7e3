package io.mailgenius.jobs.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private final EventsFixture fixture = new EventsFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void waiting_callers_are_answered_at_the_stop_and_later_ones_rejected() throws Exception {
        GroupCommit writer = new GroupCommit(fixture.store);
        writer.start();
        List<Future<Receipt>> answers = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3_000; i++) {
                Event event = event(i);
                answers.add(callers.submit(() -> writer.commit(event)));
                if (i == 1_500) {
                    callers.submit(writer::close);
                }
            }
        }
        long stored = 0;
        for (Future<Receipt> answer : answers) {
            assertThat(answer.get()).isIn(new Receipt.Stored(), GroupCommit.BUSY);
            stored += answer.get() instanceof Receipt.Stored ? 1 : 0;
        }
        assertThat(fixture.count("event")).isEqualTo(stored);
        assertThat(writer.commit(event(3_000))).isEqualTo(GroupCommit.BUSY);
    }

    @Test
    void callers_are_rejected_while_the_queue_is_full() {
        GroupCommit neverStarted = new GroupCommit(fixture.store, 1);
        Thread first = Thread.ofVirtual().start(() -> neverStarted.commit(event(1)));
        while (neverStarted.waiting() == 0) {
            Thread.onSpinWait();
        }
        assertThat(neverStarted.commit(event(2))).isEqualTo(GroupCommit.BUSY);
        first.interrupt();
    }

    @Test
    void every_caller_gets_a_failure_while_the_database_is_down() throws Exception {
        fixture.owner.sql("ALTER TABLE event_receipt RENAME TO event_receipt_gone").update();
        List<Future<Receipt>> answers = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                Event event = event(i);
                answers.add(callers.submit(() -> fixture.events.record(event)));
            }
        }
        for (Future<Receipt> answer : answers) {
            assertThat(answer.get()).isInstanceOf(Receipt.Failed.class);
        }
        assertThat(fixture.count("event")).isZero();
    }

    private Event event(int i) {
        return new Event(
                fixture.workspace, EventsFixture.NOW, 7L, 41L, "OPENED", "m" + i, null, null, null);
    }
}
