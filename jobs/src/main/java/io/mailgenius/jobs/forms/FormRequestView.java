package io.mailgenius.jobs.forms;

import io.mailgenius.schema.FormRequestStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request made through a form.
 *
 * @param reason why no mail is sent, or why the last attempt failed
 */
public record FormRequestView(
        long id,
        String email,
        FormRequestStatus status,
        @Nullable String reason,
        int attempts,
        Instant requestedAt,
        @Nullable Instant confirmedAt) {}
