package io.mailgenius.jobs.workspaces;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a workspace may have, has, and has used.
 *
 * @param held what it has now
 * @param days in their order
 */
public record UsageView(WorkspaceLimit limits, Held held, List<Day> days) {

    public UsageView {
        days = List.copyOf(days);
    }

    /**
     * @param mailsThisMonth by UTC; mails that may have been sent count
     * @param storageBytes of uploaded files and archives
     */
    public record Held(long contacts, long mailsThisMonth, long storageBytes) {}

    /**
     * A day of UTC.
     *
     * @param contacts at its end, or now; null if nobody has counted them then
     * @param storageBytes likewise
     */
    public record Day(
            LocalDate day,
            @Nullable Long contacts,
            long mails,
            long imports,
            long requests,
            @Nullable Long storageBytes) {

        Day holding(Held held) {
            return new Day(day, held.contacts(), mails, imports, requests, held.storageBytes());
        }
    }
}
