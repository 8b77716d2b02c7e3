package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.launching.SupersededException;
import java.time.Duration;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;

/** Runs an {@link OwnStep} as a step of Spring Batch. */
final class OwnStepRun extends AbstractStep {

    /** A check asks the database, so it is not made for every buffer. */
    private static final long BETWEEN_QUERIES = Duration.ofSeconds(1).toNanos();

    private final OwnStep step;
    private final LiveLaunches launches;

    OwnStepRun(OwnStep step, JobRepository repository, LiveLaunches launches) {
        super(repository);
        setName(step.name());
        this.step = step;
        this.launches = launches;
    }

    @Override
    protected void doExecute(StepExecution execution) throws Exception {
        LaunchRun run = LaunchRun.of(execution.getJobExecution());
        try {
            step.run(execution.getJobExecution().getJobParameters(), new Check(run));
        } catch (Stopped stopped) {
            throw new JobInterruptedException(String.valueOf(stopped.getMessage()));
        }
        execution.setExitStatus(ExitStatus.COMPLETED);
    }

    private final class Check implements OwnStep.StopCheck {

        private final LaunchRun run;
        private long asked = System.nanoTime();

        Check(LaunchRun run) {
            this.run = run;
        }

        @Override
        public void check() {
            if (launches.shuttingDown() || Thread.currentThread().isInterrupted()) {
                throw new Stopped("The node leaves");
            }
            long now = System.nanoTime();
            if (now - asked < BETWEEN_QUERIES) {
                return;
            }
            asked = now;
            switch (launches.signal(run.launchId(), run.epoch())) {
                case CONTINUE -> {}
                case STOP -> throw new Stopped("The job is to stop");
                case SUPERSEDED -> throw new SupersededException(run.launchId(), run.epoch());
            }
        }
    }

    private static final class Stopped extends RuntimeException {
        Stopped(String message) {
            super(message, null, false, false);
        }
    }
}
