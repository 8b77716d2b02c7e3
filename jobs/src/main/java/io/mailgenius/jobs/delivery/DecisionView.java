package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.SendDecision;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision about mails without an outcome.
 *
 * @param contacts how many mails it is about
 * @param decidedBy the API key that was used
 * @param jobExecutionId the job that sends them again; null until it starts
 * @param problem why that job was stopped, if the provider accepts no more mails
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
