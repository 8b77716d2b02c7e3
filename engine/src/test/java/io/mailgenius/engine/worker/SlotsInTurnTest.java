package io.mailgenius.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order in which claimed chunks get slots. */
class SlotsInTurnTest {

    private static final long BUSY = 1;
    private static final long SECOND = 2;
    private static final long THIRD = 3;

    private final Slots slots = new Slots(4);
    private final ConcurrentLinkedQueue<Long> begun = new ConcurrentLinkedQueue<>();
    private final List<Thread> waiting = new ArrayList<>();

    @AfterEach
    void stop() {
        waiting.forEach(Thread::interrupt);
    }

    private List<Slots.Slot> allWith(long workspace) throws InterruptedException {
        List<Slots.Slot> taken = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            taken.add(slots.take(workspace));
        }
        return taken;
    }

    /** Returns when the thread waits for a slot or has one. */
    private void ask(long workspace) {
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        slots.take(workspace);
                                        begun.add(workspace);
                                    } catch (InterruptedException theTestIsOver) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        waiting.add(thread);
        await().until(
                        () ->
                                thread.getState() == Thread.State.WAITING
                                        || thread.getState() == Thread.State.TERMINATED);
    }

    @Test
    void a_workspace_without_a_slot_gets_the_extra_one_and_one_that_has_slots_does_not()
            throws InterruptedException {
        allWith(BUSY);
        ask(BUSY);
        assertThat(begun).isEmpty();
        ask(SECOND);
        await().until(() -> begun.contains(SECOND));
        ask(SECOND);
        ask(THIRD);
        assertThat(begun).containsExactly(SECOND);
    }

    @Test
    void a_free_slot_goes_to_the_workspace_that_uses_the_fewest() throws InterruptedException {
        List<Slots.Slot> taken = allWith(BUSY);
        ask(SECOND);
        await().until(() -> begun.contains(SECOND));
        ask(BUSY);
        ask(SECOND);
        ask(THIRD);
        taken.removeFirst().leave();
        await().until(() -> begun.contains(THIRD));
        // Four regular slots and the extra slot are used, so the next release frees no regular
        // slot.
        taken.removeFirst().leave();
        assertThat(begun).containsExactly(SECOND, THIRD);
        taken.removeFirst().leave();
        await().until(() -> begun.size() == 3);
        assertThat(begun).containsExactly(SECOND, THIRD, BUSY);
    }

    @Test
    void an_interrupted_waiter_takes_no_slot() throws InterruptedException {
        List<Slots.Slot> taken = allWith(BUSY);
        ask(BUSY);
        waiting.getFirst().interrupt();
        waiting.getFirst().join();
        taken.removeFirst().leave();
        slots.take(BUSY).leave();
        assertThat(begun).isEmpty();
    }
}
