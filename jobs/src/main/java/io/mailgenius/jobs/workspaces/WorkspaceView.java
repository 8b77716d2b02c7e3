package io.mailgenius.jobs.workspaces;

import java.math.BigDecimal;
import java.time.Instant;
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
        boolean suspended) {}
