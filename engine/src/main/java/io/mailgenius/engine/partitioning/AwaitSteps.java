package io.mailgenius.engine.partitioning;

import io.mailgenius.engine.launching.LiveLaunches;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.transport.CompletionNotifier;
import org.springframework.batch.core.repository.JobRepository;

/** Makes the step of each heavy step that waits for its chunks and takes their counts. */
public final class AwaitSteps {

    private final JobRepository repository;
    private final Ledger ledger;
    private final LiveLaunches launches;
    private final CompletionNotifier notifier;

    /**
     * @param ledger over the connections of the control plane
     */
    public AwaitSteps(
            JobRepository repository,
            Ledger ledger,
            LiveLaunches launches,
            CompletionNotifier notifier) {
        this.repository = repository;
        this.ledger = ledger;
        this.launches = launches;
        this.notifier = notifier;
    }

    AwaitStep of(ChunkedStep<?> step) {
        return new AwaitStep(step.name(), repository, ledger, launches, notifier);
    }
}
