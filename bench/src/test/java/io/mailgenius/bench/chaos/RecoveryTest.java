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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a sight of the ledger says about how far a recovery is. */
class RecoveryTest {

    private static final Instant HIT = Instant.parse("2026-01-02T03:04:00Z");

    private final Recovery chunks =
            new Recovery.OfChunks(
                    List.of(
                            chunk(1, ChunkState.CLAIMED, 1, null),
                            chunk(2, ChunkState.CLAIMED, 3, null)));

    @Test
    void chunks_are_recovered_when_they_are_done_in_another_attempt() {
        look(5, chunk(1, ChunkState.READY, 1, null), chunk(2, ChunkState.CLAIMED, 3, null));
        assertThat(chunks.taken()).as("only expired").isNull();

        look(9, chunk(1, ChunkState.CLAIMED, 2, null), chunk(2, ChunkState.READY, 3, null));
        assertThat(chunks.taken()).isEqualTo(at(9));
        assertThat(chunks.first()).isNull();

        look(12, chunk(1, ChunkState.DONE, 2, at(11)), chunk(2, ChunkState.CLAIMED, 4, null));
        assertThat(chunks.first()).isEqualTo(at(11));
        assertThat(chunks.all()).isNull();

        look(20, chunk(1, ChunkState.DONE, 2, at(11)), chunk(2, ChunkState.DONE, 4, at(19)));
        assertThat(chunks.taken()).isEqualTo(at(9));
        assertThat(chunks.first()).isEqualTo(at(11));
        assertThat(chunks.all()).isEqualTo(at(19));
    }

    @Test
    void a_chunk_whose_own_attempt_still_ended_was_not_lost() {
        look(1, chunk(1, ChunkState.DONE, 1, at(0)), chunk(2, ChunkState.CLAIMED, 3, null));
        assertThat(chunks.first()).isNull();

        look(15, chunk(1, ChunkState.DONE, 1, at(0)), chunk(2, ChunkState.DONE, 4, at(14)));
        assertThat(chunks.first()).isEqualTo(at(14));
        assertThat(chunks.all()).as("of those that were lost").isEqualTo(at(14));
    }

    @Test
    void a_job_is_recovered_with_the_first_chunk_after_its_epoch_has_grown() {
        Recovery job = new Recovery.OfJobs(Map.of(7L, 1));
        job.look(sight(1, chunk(1, ChunkState.DONE, 1, at(3))), at(3));
        assertThat(job.taken()).isNull();

        job.look(sight(2, chunk(1, ChunkState.DONE, 1, at(3))), at(8));
        assertThat(job.taken()).isEqualTo(at(8));
        assertThat(job.first()).isNull();

        job.look(
                sight(2, chunk(1, ChunkState.DONE, 1, at(3)), chunk(2, ChunkState.DONE, 1, at(10))),
                at(11));
        assertThat(job.first()).isEqualTo(at(10));
    }

    @Test
    void jobs_are_taken_on_when_each_of_them_is_or_has_ended() {
        Recovery jobs = new Recovery.OfJobs(Map.of(7L, 1, 8L, 1, 9L, 3));
        jobs.look(
                new LedgerSnapshot(
                        List.of(
                                job(7, LaunchState.RUNNING, 2),
                                job(8, LaunchState.RUNNING, 1),
                                job(9, LaunchState.COMPLETED, 3))),
                at(8));
        assertThat(jobs.taken()).as("8 is nobody's").isNull();

        jobs.look(
                new LedgerSnapshot(
                        List.of(
                                job(7, LaunchState.RUNNING, 2),
                                job(8, LaunchState.RUNNING, 2),
                                job(9, LaunchState.COMPLETED, 3),
                                job(
                                        10,
                                        LaunchState.RUNNING,
                                        1,
                                        chunk(5, ChunkState.DONE, 1, at(10))))),
                at(9));
        assertThat(jobs.taken()).isEqualTo(at(9));
        assertThat(jobs.first()).as("a chunk of another job").isNull();
    }

    private void look(int second, ChunkSeen... seen) {
        chunks.look(sight(1, seen), at(second));
    }

    private static LedgerSnapshot sight(int epoch, ChunkSeen... seen) {
        return new LedgerSnapshot(List.of(job(7, LaunchState.RUNNING, epoch, seen)));
    }

    private static JobSeen job(long launch, LaunchState state, int epoch, ChunkSeen... seen) {
        return new JobSeen(launch, state, epoch, "host-5-abcd", null, false, List.of(seen));
    }

    private static ChunkSeen chunk(
            long id, ChunkState state, int attempt, @Nullable Instant finished) {
        return new ChunkSeen(id, state, attempt, 0, "host-5-abcd", finished, null);
    }

    private static Instant at(int second) {
        return HIT.plusSeconds(second);
    }
}
