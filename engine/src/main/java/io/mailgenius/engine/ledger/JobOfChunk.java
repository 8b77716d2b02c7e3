package io.mailgenius.engine.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The job that a claimed chunk belongs to, as logs and traces name it.
 *
 * @param executionId of the latest run; 0 if the launch has none yet
 * @param traceParent the trace that the chunk continues, in the format of the W3C header; null if
 *     the manager traces nothing
 */
public record JobOfChunk(
        long launchId, long executionId, String jobName, @Nullable String traceParent) {

    /** Of a chunk whose launch is gone. */
    public static final JobOfChunk UNKNOWN = new JobOfChunk(0, 0, "", null);

    private static final String NONE = "-";

    /**
     * @param text as {@link Ledger#claim} selects it: the components, separated by blanks
     */
    static JobOfChunk of(@Nullable String text) {
        if (text == null) {
            return UNKNOWN;
        }
        String[] parts = text.split(" ", 4);
        return new JobOfChunk(
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                parts[3],
                parts[2].equals(NONE) ? null : parts[2]);
    }
}
