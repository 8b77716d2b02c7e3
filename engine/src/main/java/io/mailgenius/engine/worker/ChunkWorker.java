package io.mailgenius.engine.worker;

import io.mailgenius.engine.cluster.ChunksInHand;
import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.engine.ledger.ChunkLost;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Failure;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.observation.JobObservation;
import io.mailgenius.engine.observation.JobObservation.ChunkOutcome;
import io.mailgenius.engine.observation.JobObservation.ObservedAttempt;
import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.transport.ChunkResponses;
import io.mailgenius.schema.StatementLimit;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.integration.chunk.ChunkRequest;
import org.springframework.batch.integration.chunk.ChunkRequestHandler;
import org.springframework.batch.integration.chunk.ChunkResponse;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Processes one claimed chunk and returns its result as a {@link ChunkResponse}. The result is in
 * the ledger before the response is sent. If the ledger cannot be reached, the lease expires and
 * another node claims the chunk.
 */
public final class ChunkWorker implements ChunkRequestHandler<Claim>, ChunksInHand {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkWorker.class);
    private static final Duration INITIAL_BACKOFF = Duration.ofMillis(500);
    private static final int MAX_BACKOFF_DOUBLINGS = 7;
    private static final Duration TRANSIENT_FAILURE_PAUSE = Duration.ofSeconds(1);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(250);

    private final Map<String, ChunkWork> works;
    private final Ledger ledger;
    private final Ledger control;
    private final CompletionBatcher completionBatcher;
    private final Slots slots;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final EngineSettings settings;
    private final JobObservation observation;
    private final Clock clock;
    private final AtomicReference<@Nullable String> reportedFailure = new AtomicReference<>();
    private volatile Consumer<Duration> workTimeListener = duration -> {};
    private final Map<Long, Assignment> inHand = new ConcurrentHashMap<>();
    private final StepMeter meter;
    private volatile boolean takesChunks = true;

    /**
     * @param ledger writes the DONE state in the transaction of the chunk's effect
     * @param control the same over the connections of the control plane, so that returning a chunk
     *     that has no effect does not wait for the main pool
     */
    public ChunkWorker(
            Collection<ChunkWork> works,
            Ledger ledger,
            Ledger control,
            PlatformTransactionManager transactions,
            JsonMapper json,
            EngineSettings settings,
            JobObservation observation,
            Clock clock) {
        this.works = works.stream().collect(Collectors.toMap(ChunkWork::step, Function.identity()));
        this.ledger = ledger;
        this.control = control;
        this.completionBatcher = new CompletionBatcher(ledger, clock);
        this.slots = new Slots(settings.slots());
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
        this.settings = settings;
        this.observation = observation;
        this.clock = clock;
        this.meter = new StepMeter(control, clock);
    }

    /** Writes what was done since the last time, every few seconds. */
    void meter() {
        meter.writeIfDue();
    }

    /** Whether this node may claim chunks; an operator may have ordered it not to. */
    boolean takesChunks() {
        return takesChunks;
    }

    @Override
    public void takeChunks(boolean takes) {
        takesChunks = takes;
    }

    /** Registers a listener that receives the duration of each chunk. */
    void onWorkTime(Consumer<Duration> listener) {
        workTimeListener = listener;
    }

    /**
     * Registers a claim. From here on heartbeats renew its lease, also while the chunk waits for a
     * thread.
     */
    void accept(Claim claim) {
        inHand.put(claim.id(), assignment(claim));
    }

    private Assignment assignment(Claim claim) {
        return new Assignment(claim, ledger, completionBatcher, transaction, json, clock);
    }

    @Override
    public ChunkResponse handle(ChunkRequest<Claim> request) {
        return handle(request, null);
    }

    /**
     * @param traceParent of the message that the request came in; null if nothing is traced
     */
    ChunkResponse handle(ChunkRequest<Claim> request, @Nullable String traceParent) {
        Claim claim = request.getItems().getItems().getFirst();
        String problem = WorkspaceScope.call(claim.workspaceId(), () -> handle(claim, traceParent));
        return ChunkResponses.response(
                claim.key().jobInstanceId(),
                claim.key().step(),
                claim.key().sequence(),
                problem.isEmpty(),
                problem);
    }

    /** Returns an empty string, or a description of the failure. */
    private String handle(Claim claim, @Nullable String traceParent) {
        Assignment assignment = inHand.computeIfAbsent(claim.id(), id -> assignment(claim));
        try (Slots.Slot slot = slots.take(claim.workspaceId());
                ObservedAttempt attempt = observation.begin(claim, traceParent)) {
            return handle(claim, assignment.in(slot), attempt);
        } catch (InterruptedException shutdown) {
            handBack(claim, clock.instant());
            return reason(shutdown);
        } finally {
            inHand.remove(claim.id());
        }
    }

    private String handle(Claim claim, Assignment assignment, ObservedAttempt attempt) {
        long begin = System.nanoTime();
        try {
            attempt.done(work(workFor(claim), assignment).counts());
            meter.done(claim);
            recovered();
            return "";
        } catch (ChunkLost e) {
            LOG.warn("{}; its effect was rolled back", e.getMessage());
            attempt.ended(ChunkOutcome.LOST, String.valueOf(e.getMessage()));
            return String.valueOf(e.getMessage());
        } catch (Deferred e) {
            attempt.ended(ChunkOutcome.DEFERRED, String.valueOf(e.getMessage()));
            handBack(claim, clock.instant().plus(e.pause()));
            return String.valueOf(e.getMessage());
        } catch (Exception e) {
            return failed(claim, e, attempt);
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            workTimeListener.accept(took);
            meter.worked(claim, took);
        }
    }

    private static ChunkDone work(ChunkWork work, Assignment assignment) throws Exception {
        Duration limit = work.statementLimit();
        return limit == null
                ? work.work(assignment)
                : StatementLimit.call(limit, () -> work.work(assignment));
    }

    private ChunkWork workFor(Claim claim) {
        ChunkWork work = works.get(claim.key().step());
        if (work == null) {
            throw new IllegalStateException(
                    "This node has no ChunkWork bean for step %s; it has them for %s"
                            .formatted(claim.key().step(), works.keySet()));
        }
        return work;
    }

    private void handBack(Claim claim, Instant again) {
        settle(() -> control.handBack(claim, again), claim);
    }

    private String failed(Claim claim, Exception e, ObservedAttempt attempt) {
        String error = reason(e);
        if (Thread.interrupted() || isInterrupt(e)) {
            // The interrupt comes from the shutdown of the node, so it counts as no failure of the
            // chunk.
            attempt.ended(ChunkOutcome.RETURNED, error);
            Failure shutdown = new Failure("The node was shut down", null);
            settle(
                    () -> control.returned(claim, shutdown, clock.instant(), clock.instant()),
                    claim);
            return error;
        }
        Optional<String> transientFailure = TransientFailure.passing(e);
        if (transientFailure.isPresent()) {
            reportTransientFailure(transientFailure.get());
            attempt.ended(ChunkOutcome.RETURNED, error);
            settle(
                    () ->
                            control.returned(
                                    claim,
                                    new Failure(error, null),
                                    clock.instant().plus(TRANSIENT_FAILURE_PAUSE),
                                    clock.instant()),
                    claim);
            return error;
        }
        attempt.ended(
                claim.failures() + 1 < settings.maxFailures()
                        ? ChunkOutcome.RETRIED
                        : ChunkOutcome.FAILED,
                error);
        LOG.warn(
                "Chunk {} of {} failed in attempt {}: {}",
                claim.id(),
                claim.key().step(),
                claim.attempt(),
                error,
                e);
        int doublings = Math.min(claim.failures(), MAX_BACKOFF_DOUBLINGS);
        Duration pause = INITIAL_BACKOFF.multipliedBy(1L << doublings);
        Failure failure = Failure.of(error, e);
        meter.failed(claim);
        settle(
                () ->
                        control.failed(
                                claim,
                                failure,
                                clock.instant().plus(pause),
                                settings.maxFailures(),
                                clock.instant()),
                claim);
        return error;
    }

    /**
     * Whether an interrupt is among the causes. Code that throws for an interrupt has cleared the
     * interrupt flag of the thread.
     */
    private static boolean isInterrupt(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes the result to the ledger, and retries while the database is unavailable and the lease
     * lasts, so that the chunk can be claimed again as soon as the database is back.
     */
    private void settle(Runnable entry, Claim claim) {
        Instant end = clock.instant().plus(settings.lease());
        while (true) {
            try {
                entry.run();
                return;
            } catch (DataAccessException | TransactionException e) {
                if (clock.instant().isAfter(end) || !paused()) {
                    LOG.warn(
                            "The ledger cannot be reached for chunk {}, so its lease will expire: {}",
                            claim.id(),
                            e.getMessage());
                    return;
                }
            }
        }
    }

    private static boolean paused() {
        try {
            TimeUnit.NANOSECONDS.sleep(RETRY_PAUSE.toNanos());
            return true;
        } catch (InterruptedException shutdown) {
            return false;
        }
    }

    /** Logs once, however many chunks meet the same transient failure. */
    private void reportTransientFailure(String description) {
        if (!description.equals(reportedFailure.getAndSet(description))) {
            LOG.warn("Chunks are deferred until this transient failure ends: {}", description);
        }
    }

    private void recovered() {
        if (reportedFailure.get() != null && reportedFailure.getAndSet(null) != null) {
            LOG.info("The transient failure has ended; chunks are processed again");
        }
    }

    private static String reason(Throwable e) {
        StringBuilder chain = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (!chain.isEmpty()) {
                chain.append(" <- ");
            }
            chain.append(cause.getClass().getSimpleName()).append(": ").append(cause.getMessage());
        }
        return chain.toString();
    }

    /** Marks assignments whose lease was not renewed as lost. */
    @Override
    public void keepOnly(Collection<Long> held, Set<Long> before) {
        Set<Long> still = Set.copyOf(held);
        for (Long id : before) {
            Assignment assignment = inHand.get(id);
            if (assignment != null && !still.contains(id)) {
                assignment.lose();
            }
        }
    }

    /** The workspaces of the claimed chunks. */
    Set<Long> workspacesOfClaims() {
        return inHand.values().stream().map(Assignment::workspaceId).collect(Collectors.toSet());
    }

    @Override
    public Set<Long> inHand() {
        return Set.copyOf(inHand.keySet());
    }
}
