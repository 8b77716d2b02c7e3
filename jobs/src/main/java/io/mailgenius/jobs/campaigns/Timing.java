package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.Priority;
import org.jspecify.annotations.Nullable;

/**
 * When and how fast a campaign is sent; all options may be missing.
 *
 * @param ratePerMinute the largest number of mails in any minute, over all nodes
 * @param priority of its chunks against those of other jobs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Timing(
        @Nullable Schedule schedule,
        @Nullable SendWindow window,
        @Nullable Integer ratePerMinute,
        @Nullable WarmUp warmUp,
        @Nullable Priority priority) {

    public static final Timing NONE = new Timing(null, null, null, null, null);

    /** An allowance is divided into this many chunks, of which the last may find it used up. */
    private static final int SHARES = 25;

    void require() {
        if (window != null) {
            window.require();
        }
        if (warmUp != null) {
            warmUp.require();
        }
        if (ratePerMinute != null && ratePerMinute < 1) {
            throw new Refusal.Invalid(
                    "campaign-rate-invalid",
                    "ratePerMinute is at least 1; leave it away for as fast as the account allows.");
        }
    }

    Timing at(Schedule moment) {
        return new Timing(moment, window, ratePerMinute, warmUp, priority);
    }

    /** None of the options delays mails once the job has started. */
    boolean goesAtOnce() {
        return window == null && !needsPermits() && (schedule == null || !schedule.eachTheirOwn());
    }

    /** Its chunks need a reservation of the campaign's allowance. */
    public boolean needsPermits() {
        return ratePerMinute != null || warmUp != null;
    }

    /**
     * The most recipients of a chunk, since a reservation is for a whole chunk.
     *
     * @param most recipients of a chunk that needs no reservation
     */
    public int chunk(int most) {
        int chunk = most;
        if (ratePerMinute != null) {
            chunk = Math.min(chunk, ratePerMinute / SHARES);
        }
        if (warmUp != null) {
            chunk = Math.min(chunk, warmUp.firstDay() / SHARES);
        }
        return Math.max(1, chunk);
    }

    /** Campaigns take precedence over jobs without a priority, because a person waits for them. */
    Priority launchPriority() {
        return priority == null ? Priority.HIGH : priority;
    }
}
