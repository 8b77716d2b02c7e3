package io.mailgenius.engine.progress;

import io.mailgenius.schema.LaunchState;

/**
 * What a restart would do.
 *
 * @param possible whether the job can be restarted in its state; one that is stopping can take its
 *     stop back
 * @param chunksToDo chunks that nobody has begun; more may come if enumeration was not through
 * @param chunksToRedo chunks that were begun and are not done: their effect was never written
 * @param chunksFailed those of them that were set aside with an error
 * @param chunksInFlight those of them that workers have in hand
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
