package io.mailgenius.engine.partitioning;

import org.springframework.batch.core.job.parameters.JobParameters;

/**
 * A step that the manager works off by itself, before any chunk is enumerated. It runs in the job's
 * workspace and in no transaction, so it may take long without holding a connection. After a crash
 * it runs again from its start, on any node: what it leaves behind has to allow that.
 */
public interface OwnStep {

    /** Unique over all jobs, for instance {@code import.prepare}. */
    String name();

    /**
     * @param stop to be checked in every round of a loop that may take long
     * @throws Exception if the job fails by it
     */
    void run(JobParameters parameters, StopCheck stop) throws Exception;

    /** Ends the step when the job is to stop or the node leaves. */
    @FunctionalInterface
    interface StopCheck {

        /** For work that nobody can stop. */
        StopCheck NEVER = () -> {};

        /** Cheap enough to be called for each buffer of a file; throws when the step is to end. */
        void check();
    }
}
