package io.mailgenius.engine.progress;

import io.mailgenius.schema.LaunchState;

/**
 * What a restart would do.
 *
 * @param possible whether the state of the job permits a restart; a STOPPING job can withdraw its
 *     stop
 * @param chunksToDo chunks that were never claimed; more may follow if enumeration had not finished
 * @param chunksToRedo chunks that were begun and are not DONE; their effect was rolled back
 * @param chunksFailed those of them that are FAILED
 * @param chunksInFlight those of them that are CLAIMED
 */
public record RestartPreview(
        long launchId,
        long jobInstanceId,
        boolean possible,
        long chunksToDo,
        long chunksToRedo,
        long chunksFailed,
        long chunksInFlight) {

    static boolean possible(LaunchState state) {
        return switch (state) {
            case STOPPED, FAILED, STOPPING -> true;
            case QUEUED, RUNNING, COMPLETED, ABANDONED -> false;
        };
    }
}
