package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.SendDecision;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody decided about mails without an outcome.
 *
 * @param contacts how many it was about
 * @param decidedBy whose key was shown
 * @param jobExecutionId the job that sends them again; null until it begins
 * @param problem why that job was stopped, if the provider takes no more mails
 */
public record DecisionView(
        long id,
        SendDecision decision,
        String reason,
        long contacts,
        String decidedBy,
        Instant decidedAt,
        @Nullable Long jobExecutionId,
        @Nullable String problem) {}
