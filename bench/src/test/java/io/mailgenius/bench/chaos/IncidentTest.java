package io.mailgenius.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.bench.verify.LedgerSnapshot;
import io.mailgenius.bench.verify.LedgerSnapshot.ChunkSeen;
import io.mailgenius.bench.verify.LedgerSnapshot.JobSeen;
import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IncidentTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:00Z");

    @Test
    void a_fault_that_came_before_the_recovery_disturbs_it_and_one_after_it_does_not() {
        Incident hit = recoveredAfter(8);
        assertThat(hit.disturbedBy(at(5))).isTrue();
        assertThat(hit.disturbedBy(at(9))).isFalse();
        assertThat(hit.disturbedBy(at(-1))).as("one before it").isFalse();
    }

    @Test
    void a_recovery_that_is_late_is_not_excused_by_what_came_when_it_was_late_already() {
        Incident hit = recoveredAfter(60);
        assertThat(hit.disturbedBy(at(14))).isTrue();
        assertThat(hit.disturbedBy(at(16))).isFalse();
        assertThat(hit.firstSeconds()).isEqualTo(60);
    }

    private static Incident at(int second) {
        return new Incident(
                FaultKind.FLUSH_REDIS, "", START.plusSeconds(second), new Recovery.Nothing());
    }

    private static Incident recoveredAfter(int seconds) {
        Incident hit =
                new Incident(
                        FaultKind.KILL_WORKER,
                        "worker-1",
                        START,
                        new Recovery.OfJobs(Map.of(7L, 1)));
        Instant taken = START.plusSeconds(1);
        hit.look(sight(List.of()), taken);
        Instant done = START.plusSeconds(seconds);
        ChunkSeen chunk = new ChunkSeen(1, ChunkState.DONE, 1, 0, null, done, null);
        hit.look(sight(List.of(chunk)), done);
        return hit;
    }

    private static LedgerSnapshot sight(List<ChunkSeen> chunks) {
        return new LedgerSnapshot(
                List.of(new JobSeen(7, LaunchState.RUNNING, 2, null, null, false, chunks)));
    }
}
