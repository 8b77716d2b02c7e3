package io.mailgenius.jobs.workspaces;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * @param postalAddress where the sender of the workspace's mails can be reached by post
 * @param trackOpens of campaigns that say nothing about it
 * @param trackClicks likewise
 * @param transientBounces after how many since the last delivery an address is suppressed
 * @param bounceLimit share of a campaign's mails, from 0 to 1, above which it is paused
 * @param complaintLimit likewise
 * @param timeZone whose calendar days segments count, of the IANA
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
        Instant createdAt) {}
