package io.mailgenius.jobs.workspaces;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a workspace.
 *
 * @param postalAddress the postal address of the sender
 * @param trackOpens the default for campaigns
 * @param trackClicks the default for campaigns
 * @param transientBounces the number of transient bounces since the last delivery after which an
 *     address is suppressed
 * @param bounceLimit the share of a campaign's mails, from 0 to 1, above which it is paused
 * @param complaintLimit the same for complaints
 * @param timeZone the IANA time zone of calendar days in segments
 * @param requireSecondFactor whether people need one to work here
 * @param suspended whether nothing is written and sent until somebody resumes it
 * @param approvalAbove campaigns of more recipients need the approval of a second person; null if
 *     none do
 * @param language a BCP 47 tag
 * @param allowedOrigins sites whose scripts may call the API and submit forms
 * @param auditDays for so many days entries of the audit trail are kept; null for ever
 */
public record WorkspaceView(
        long id,
        String name,
        @Nullable String postalAddress,
        boolean trackOpens,
        boolean trackClicks,
        int transientBounces,
        BigDecimal bounceLimit,
        BigDecimal complaintLimit,
        String timeZone,
        Instant createdAt,
        boolean requireSecondFactor,
        boolean suspended,
        @Nullable Long approvalAbove,
        String language,
        List<String> allowedOrigins,
        @Nullable Integer auditDays) {

    public WorkspaceView {
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
