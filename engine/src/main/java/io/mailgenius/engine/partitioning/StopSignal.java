package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.launching.LiveLaunches.Signal;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.StepInterruptionPolicy;

/**
 * Ends an enumerating step between two chunks when the job is to stop or the node is shutting down.
 * After an interrupt alone {@code ChunkOrientedStep} would end COMPLETED with work undone; {@code
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
                || launches.shuttingDown()
                || launches.signal(run.launchId(), run.epoch()) != Signal.CONTINUE) {
            step.setTerminateOnly();
        }
    }
}
