package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.launching.LiveLaunches.Signal;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.StepInterruptionPolicy;

/**
 * Ends an enumerating step between two of its chunks when the job is to stop or the node leaves. An
 * interrupt alone would let {@code ChunkOrientedStep} end COMPLETED with work undone: only {@code
 * setTerminateOnly} makes it end STOPPED.
 */
final class StopSignal implements StepInterruptionPolicy {

    private final LiveLaunches launches;

    StopSignal(LiveLaunches launches) {
        this.launches = launches;
    }

    @Override
    public void checkInterrupted(StepExecution step) {
        LaunchRun run = LaunchRun.of(step.getJobExecution());
        if (Thread.currentThread().isInterrupted()
                || launches.leaving()
                || launches.signal(run.launchId(), run.epoch()) != Signal.GO_ON) {
            step.setTerminateOnly();
        }
    }
}
