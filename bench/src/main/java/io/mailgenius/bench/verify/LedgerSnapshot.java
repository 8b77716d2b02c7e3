package io.mailgenius.bench.verify;

import io.mailgenius.schema.ChunkState;
import io.mailgenius.schema.LaunchState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The jobs of campaigns in the ledger at one time. */
public record LedgerSnapshot(List<JobSeen> jobs) {

    /**
     * The job of a campaign.
     *
     * @param epoch increases each time a node takes the job over
     * @param owner the node that runs it, if any
     * @param parked whether no node runs it while it waits for chunks
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

        /** Whether the chunk is, or was last, claimed by a node in this process. */
        public boolean of(long pid) {
            return LedgerSnapshot.isOf(owner, pid);
        }
    }

    public LedgerSnapshot {
        jobs = List.copyOf(jobs);
    }

    /** The chunks of all jobs. */
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

    /** How often nodes took jobs over. */
    public int epochs() {
        return jobs.stream().mapToInt(JobSeen::epoch).sum();
    }

    /** Whether one of the jobs has not ended. */
    public boolean alive() {
        return jobs.stream().anyMatch(JobSeen::alive);
    }

    /** The running jobs of nodes in this process, with their epochs. */
    public Map<Long, Integer> runBy(long pid) {
        Map<Long, Integer> epochs = new HashMap<>();
        jobs.stream()
                .filter(job -> job.state() == LaunchState.RUNNING && isOf(job.owner(), pid))
                .forEach(job -> epochs.put(job.launch(), job.epoch()));
        return epochs;
    }

    /** The error of the first failed job; empty if none failed. */
    public String error() {
        return jobs.stream().map(JobSeen::error).filter(Objects::nonNull).findFirst().orElse("");
    }

    /** The id of a node consists of host, process id, and four random digits. */
    static boolean isOf(@Nullable String node, long pid) {
        return node != null && node.matches(".*-" + pid + "-[0-9a-f]{4}");
    }

    public List<ChunkSeen> inHandOf(long pid) {
        return chunks().stream()
                .filter(chunk -> chunk.state() == ChunkState.CLAIMED && chunk.of(pid))
                .toList();
    }
}
