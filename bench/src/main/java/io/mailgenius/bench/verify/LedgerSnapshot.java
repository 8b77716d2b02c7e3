package io.mailgenius.bench.verify;

import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The jobs of campaigns as the ledger has them at one moment. */
public record LedgerSnapshot(List<JobSeen> jobs) {

    /**
     * The job of a campaign.
     *
     * @param epoch grows with every node that takes the job on
     * @param owner the node that has, if any
     * @param parked whether no node runs it, since it waits for chunks
     */
    public record JobSeen(
            long launch,
            LaunchState state,
            int epoch,
            @Nullable String owner,
            @Nullable String error,
            boolean parked,
            List<ChunkSeen> chunks) {

        public boolean alive() {
            return switch (state) {
                case QUEUED, RUNNING, STOPPING -> true;
                case COMPLETED, FAILED, STOPPED, ABANDONED -> false;
            };
        }
    }

    public record ChunkSeen(
            long id,
            ChunkState state,
            int attempt,
            int failures,
            @Nullable String owner,
            @Nullable Instant finishedAt,
            @Nullable String error) {

        /** Whether it is, or was at last, in the hand of a node of this process. */
        public boolean of(long pid) {
            return LedgerSnapshot.isOf(owner, pid);
        }
    }

    public LedgerSnapshot {
        jobs = List.copyOf(jobs);
    }

    /** Of all jobs. */
    public List<ChunkSeen> chunks() {
        return jobs.size() == 1
                ? jobs.getFirst().chunks()
                : jobs.stream().flatMap(job -> job.chunks().stream()).toList();
    }

    public long count(ChunkState state) {
        return jobs.stream()
                .flatMap(job -> job.chunks().stream())
                .filter(chunk -> chunk.state() == state)
                .count();
    }

    /** How often a node took a job on. */
    public int epochs() {
        return jobs.stream().mapToInt(JobSeen::epoch).sum();
    }

    /** Whether one of them has not ended. */
    public boolean alive() {
        return jobs.stream().anyMatch(JobSeen::alive);
    }

    /** Running jobs that a node of this process has taken on, and with which epoch. */
    public Map<Long, Integer> runBy(long pid) {
        Map<Long, Integer> epochs = new HashMap<>();
        jobs.stream()
                .filter(job -> job.state() == LaunchState.RUNNING && isOf(job.owner(), pid))
                .forEach(job -> epochs.put(job.launch(), job.epoch()));
        return epochs;
    }

    /** What the first of those that failed says; empty if none does. */
    public String error() {
        return jobs.stream().map(JobSeen::error).filter(Objects::nonNull).findFirst().orElse("");
    }

    /** A node's id is its host, its process, and four random digits. */
    static boolean isOf(@Nullable String node, long pid) {
        return node != null && node.matches(".*-" + pid + "-[0-9a-f]{4}");
    }

    public List<ChunkSeen> inHandOf(long pid) {
        return chunks().stream()
                .filter(chunk -> chunk.state() == ChunkState.CLAIMED && chunk.of(pid))
                .toList();
    }
}
