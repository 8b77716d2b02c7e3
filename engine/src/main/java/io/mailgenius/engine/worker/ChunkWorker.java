package io.mailgenius.engine.worker;

import io.mailgenius.engine.cluster.ChunksInHand;
import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.engine.ledger.ChunkLost;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
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
 * Works off one claimed chunk and answers what became of it. Whatever happens is in the ledger
 * before the answer goes out; when even the ledger cannot be reached, the lease runs out and
 * another node takes the chunk.
 */
public final class ChunkWorker implements ChunkRequestHandler<Claim>, ChunksInHand {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkWorker.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final int LONGEST_PAUSE_DOUBLINGS = 7;
    private static final Duration UNTIL_IT_PASSES = Duration.ofSeconds(1);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);

    private final Map<String, ChunkWork> works;
    private final Ledger ledger;
    private final Ledger control;
    private final CompletionBatcher completionBatcher;
    private final Slots slots;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final EngineSettings settings;
    private final Clock clock;
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private volatile Consumer<Duration> workTimes = took -> {};
    private final Map<Long, Assignment> inHand = new ConcurrentHashMap<>();

    /**
     * @param ledger in whose transactions an effect and its DONE are written
     * @param control the same over the control plane's connections: what became of a chunk without
     *     an effect waits for nobody
     */
    public ChunkWorker(
            Collection<ChunkWork> works,
            Ledger ledger,
            Ledger control,
            PlatformTransactionManager transactions,
            JsonMapper json,
            EngineSettings settings,
            Clock clock) {
        this.works = works.stream().collect(Collectors.toMap(ChunkWork::step, Function.identity()));
        this.ledger = ledger;
        this.control = control;
        this.completionBatcher = new CompletionBatcher(ledger, clock);
        this.slots = new Slots(settings.slots());
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
        this.settings = settings;
        this.clock = clock;
    }

    /** Who wants to know how long chunks take. */
    void tellWorkTimes(Consumer<Duration> listener) {
        workTimes = listener;
    }

    /** From the claim on, also while the chunk waits for a thread, the heart keeps its lease. */
    void accept(Claim claim) {
        inHand.put(claim.id(), assignment(claim));
    }

    private Assignment assignment(Claim claim) {
        return new Assignment(claim, ledger, completionBatcher, transaction, json, clock);
    }

    @Override
    public ChunkResponse handle(ChunkRequest<Claim> request) {
        Claim claim = request.getItems().getItems().getFirst();
        String problem = WorkspaceScope.call(claim.workspaceId(), () -> handle(claim));
        return ChunkResponses.answer(
                claim.key().jobInstanceId(),
                claim.key().step(),
                claim.key().sequence(),
                problem.isEmpty(),
                problem);
    }

    /** Answers with an empty text, or what went wrong. */
    private String handle(Claim claim) {
        Assignment assignment = inHand.computeIfAbsent(claim.id(), id -> assignment(claim));
        try (Slots.Slot slot = slots.take(claim.workspaceId())) {
            return handle(claim, assignment.in(slot));
        } catch (InterruptedException theNodeLeaves) {
            return failed(claim, theNodeLeaves);
        } finally {
            inHand.remove(claim.id());
        }
    }

    private String handle(Claim claim, Assignment assignment) {
        long begin = System.nanoTime();
        try {
            work(workFor(claim), assignment);
            recovered();
            return "";
        } catch (ChunkLost e) {
            LOG.warn("{}; what it did was rolled back", e.getMessage());
            return String.valueOf(e.getMessage());
        } catch (Deferred e) {
            settle(() -> control.handBack(claim, clock.instant().plus(e.pause())), claim);
            return String.valueOf(e.getMessage());
        } catch (Exception e) {
            return failed(claim, e);
        } finally {
            workTimes.accept(Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private static void work(ChunkWork work, Assignment assignment) throws Exception {
        Duration limit = work.statementLimit();
        if (limit == null) {
            work.work(assignment);
        } else {
            StatementLimit.call(limit, () -> work.work(assignment));
        }
    }

    private ChunkWork workFor(Claim claim) {
        ChunkWork work = works.get(claim.key().step());
        if (work == null) {
            throw new IllegalStateException(
                    "This node knows no work for step %s; it knows %s"
                            .formatted(claim.key().step(), works.keySet()));
        }
        return work;
    }

    private String failed(Claim claim, Exception e) {
        String error = reason(e);
        if (Thread.interrupted() || isInterrupt(e)) {
            // The node is leaving: what it interrupted is not the chunk's fault.
            settle(() -> control.handBack(claim, clock.instant()), claim);
            return error;
        }
        Optional<String> trouble = TransientFailure.passing(e);
        if (trouble.isPresent()) {
            troubled(trouble.get());
            settle(() -> control.handBack(claim, clock.instant().plus(UNTIL_IT_PASSES)), claim);
            return error;
        }
        LOG.warn(
                "Chunk {} of {} failed in attempt {}: {}",
                claim.id(),
                claim.key().step(),
                claim.attempt(),
                error,
                e);
        int doublings = Math.min(claim.failures(), LONGEST_PAUSE_DOUBLINGS);
        Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
        settle(
                () ->
                        control.failed(
                                claim,
                                error,
                                clock.instant().plus(pause),
                                settings.maxFailures(),
                                clock.instant()),
                claim);
        return error;
    }

    /** Whoever throws for an interrupt has cleared the thread's own sign of it. */
    private static boolean isInterrupt(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells the ledger what became of the chunk, again and again while the database is away and the
     * lease lasts: a slot has nothing better to do meanwhile, and the chunk goes on at once when
     * the database is back.
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
                            "The ledger cannot be reached for chunk {}: its lease will run out ({})",
                            claim.id(),
                            e.getMessage());
                    return;
                }
            }
        }
    }

    private static boolean paused() {
        try {
            TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES.toNanos());
            return true;
        } catch (InterruptedException theNodeLeaves) {
            return false;
        }
    }

    /** Said once, however many chunks meet it. */
    private void troubled(String words) {
        if (!words.equals(trouble.getAndSet(words))) {
            LOG.warn("Chunks wait until this passes: {}", words);
        }
    }

    private void recovered() {
        if (trouble.get() != null && trouble.getAndSet(null) != null) {
            LOG.info("Chunks go on as usual");
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

    /** The heartbeat learned which chunks are still this node's: the others are dropped. */
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

    /** The workspaces of these chunks. */
    Set<Long> workspacesInHand() {
        return inHand.values().stream().map(Assignment::workspaceId).collect(Collectors.toSet());
    }

    @Override
    public Set<Long> inHand() {
        return Set.copyOf(inHand.keySet());
    }
}
