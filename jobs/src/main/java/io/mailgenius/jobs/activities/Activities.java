package io.mailgenius.jobs.activities;

import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Accepts what contacts did in other systems. What is answered is on disk.
 *
 * <p>Starts before the web server and stops after it, so that every accepted request is answered.
 */
@Component
public final class Activities implements SmartLifecycle {

    /** The highest number of reports in a request. */
    public static final int BATCH = 1_000;

    private final ActivityStore store;
    private final Clock clock;
    private final MeterRegistry meters;
    private volatile @Nullable ActivityCommit writer;

    Activities(ActivityStore store, Clock clock, MeterRegistry meters) {
        this.store = store;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public void start() {
        ActivityCommit starting = new ActivityCommit(store);
        starting.start();
        writer = starting;
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /**
     * Stores activities of the current workspace. Waits for the disk without a connection.
     *
     * @return a result for each, in their order; empty if there was no room or the database failed:
     *     then they are to be reported again, which doubles nothing
     * @throws Refusal.Invalid if there are none or too many
     */
    public Optional<List<ActivityResult>> record(List<ActivityDraft> drafts) {
        if (drafts.isEmpty() || drafts.size() > BATCH) {
            throw new Refusal.Invalid(
                    "too-many-events",
                    String.format(Locale.ROOT, "Send 1 to %,d events at a time.", BATCH));
        }
        Instant now = clock.instant();
        List<@Nullable ActivityResult> refused = new ArrayList<>(drafts.size());
        List<Activity> valid = new ArrayList<>(drafts.size());
        for (ActivityDraft draft : drafts) {
            try {
                valid.add(ActivityCheck.of(draft, now));
                refused.add(null);
            } catch (Refusal.Invalid e) {
                refused.add(
                        ActivityResult.refused(
                                draft.id(), e.problem(), String.valueOf(e.getMessage())));
            }
        }
        Optional<List<ActivityResult>> written =
                valid.isEmpty() ? Optional.of(List.of()) : commit(valid);
        return written.map(results -> counted(merged(refused, results.iterator())));
    }

    private Optional<List<ActivityResult>> commit(List<Activity> valid) {
        ActivityCommit running = writer;
        return running == null
                ? Optional.empty()
                : running.commit(WorkspaceScope.required(), valid);
    }

    private static List<ActivityResult> merged(
            List<@Nullable ActivityResult> refused, Iterator<ActivityResult> written) {
        List<ActivityResult> all = new ArrayList<>(refused.size());
        for (ActivityResult result : refused) {
            all.add(result == null ? written.next() : result);
        }
        return all;
    }

    private List<ActivityResult> counted(List<ActivityResult> results) {
        for (ActivityResult.Outcome outcome : ActivityResult.Outcome.values()) {
            long count = results.stream().filter(it -> it.outcome() == outcome).count();
            meters.counter(
                            "mailgenius.activities.received",
                            "outcome",
                            outcome.name().toLowerCase(Locale.ROOT))
                    .increment(count);
        }
        return results;
    }

    @Override
    public void stop() {
        ActivityCommit stopping = writer;
        writer = null;
        if (stopping != null) {
            stopping.close();
        }
    }

    /** Lower than that of the web server, which therefore starts later and stops earlier. */
    @Override
    public int getPhase() {
        return 0;
    }
}
