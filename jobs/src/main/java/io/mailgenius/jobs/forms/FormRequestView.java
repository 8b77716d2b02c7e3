package io.mailgenius.jobs.forms;

import io.mailgenius.schema.FormRequestStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An address that somebody put into a form.
 *
 * @param reason why no mail goes out, or why the last attempt did not succeed
 */
public record FormRequestView(
        long id,
        String email,
        FormRequestStatus status,
        @Nullable String reason,
        int attempts,
        Instant requestedAt,
        @Nullable Instant confirmedAt) {}
