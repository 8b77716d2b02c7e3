package io.mailgenius.engine.alerts;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A time in which nobody is notified of alerts.
 *
 * @param id 0 before it is stored
 * @param ruleId null for all rules of the workspace
 * @param subject null for all subjects
 */
public record Silence(
        long workspaceId,
        long id,
        @Nullable Long ruleId,
        @Nullable String subject,
        String reason,
        Instant startsAt,
        Instant endsAt,
        String createdBy) {

    boolean covers(long workspace, long rule, String about, Instant now) {
        return workspaceId == workspace
                && (ruleId == null || Objects.equals(ruleId, rule))
                && (subject == null || subject.equals(about))
                && !now.isBefore(startsAt)
                && now.isBefore(endsAt);
    }
}
