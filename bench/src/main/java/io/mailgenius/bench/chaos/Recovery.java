package io.mailgenius.bench.chaos;

import io.mailgenius.bench.verify.LedgerSnapshot;
import io.mailgenius.bench.verify.LedgerSnapshot.ChunkSeen;
import io.mailgenius.bench.verify.LedgerSnapshot.JobSeen;
import io.mailgenius.schema.ChunkState;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the work of a node with a fault continues, as far as it was observed. */
sealed interface Recovery {

    /** Processes another snapshot of the ledger. */
    void look(LedgerSnapshot ledgerSnapshot, Instant now);

    /** When the work was claimed again. */
    @Nullable Instant taken();

    /** When the first chunk was completed after that. */
    @Nullable Instant first();

    /** When all of it was completed. */
    @Nullable Instant all();

    /** The node had no work to recover. */
    record Nothing() implements Recovery {
        @Override
        public void look(LedgerSnapshot ledgerSnapshot, Instant now) {}

        @Override
        public @Nullable Instant taken() {
            return null;
        }

        @Override
        public @Nullable Instant first() {
            return null;
        }

        @Override
        public @Nullable Instant all() {
            return null;
        }
    }

    /** The chunks that a worker had claimed are claimed again and completed. */
    final class OfChunks implements Recovery {

        private final Map<Long, Integer> attempts = new HashMap<>();
        private @Nullable Instant taken;
        private @Nullable Instant first;
        private @Nullable Instant all;

        OfChunks(List<ChunkSeen> inHand) {
            inHand.forEach(chunk -> attempts.put(chunk.id(), chunk.attempt()));
        }

        @Override
        public void look(LedgerSnapshot ledgerSnapshot, Instant now) {
            if (all != null) {
                return;
            }
            // Its last commit was in progress when it was hit, or it continued in time.
            ledgerSnapshot.chunks().stream()
                    .filter(it -> it.state() == ChunkState.DONE && attempt(it) == it.attempt())
                    .forEach(it -> attempts.remove(it.id()));
            List<ChunkSeen> again =
                    ledgerSnapshot.chunks().stream()
                            .filter(it -> attempts.containsKey(it.id()))
                            .filter(it -> it.attempt() > attempt(it))
                            .toList();
            if (taken == null && !again.isEmpty()) {
                taken = now;
            }
            List<Instant> done =
                    again.stream()
                            .filter(it -> it.state() == ChunkState.DONE)
                            .map(it -> Objects.requireNonNull(it.finishedAt()))
                            .sorted()
                            .toList();
            if (!done.isEmpty()) {
                first = done.getFirst();
                all = done.size() == attempts.size() ? done.getLast() : null;
            }
        }

        private int attempt(ChunkSeen chunk) {
            return attempts.getOrDefault(chunk.id(), 0);
        }

        @Override
        public @Nullable Instant taken() {
            return taken;
        }

        @Override
        public @Nullable Instant first() {
            return first;
        }

        @Override
        public @Nullable Instant all() {
            return all;
        }
    }

    /**
     * Each job of a manager is taken over by another one, or is parked and needs none, or ends; and
     * their next chunk is completed.
     */
    final class OfJobs implements Recovery {

        private final Map<Long, Integer> epochs;
        private @Nullable Instant taken;
        private @Nullable Instant next;

        /**
         * @param epochs of the manager's jobs, by launch id
         */
        OfJobs(Map<Long, Integer> epochs) {
            this.epochs = Map.copyOf(epochs);
        }

        @Override
        public void look(LedgerSnapshot ledgerSnapshot, Instant now) {
            List<JobSeen> its =
                    ledgerSnapshot.jobs().stream()
                            .filter(job -> epochs.containsKey(job.launch()))
                            .toList();
            if (taken == null && its.stream().allMatch(this::goesOn)) {
                taken = now;
            }
            Instant since = taken;
            if (since != null && next == null) {
                next =
                        its.stream()
                                .flatMap(job -> job.chunks().stream())
                                .map(ChunkSeen::finishedAt)
                                .filter(it -> it != null && it.isAfter(since))
                                .min(Comparator.naturalOrder())
                                .orElse(null);
            }
        }

        private boolean goesOn(JobSeen job) {
            return !job.alive()
                    || job.parked()
                    || job.epoch() > epochs.getOrDefault(job.launch(), 0);
        }

        @Override
        public @Nullable Instant taken() {
            return taken;
        }

        @Override
        public @Nullable Instant first() {
            return next;
        }

        @Override
        public @Nullable Instant all() {
            return next;
        }
    }
}
