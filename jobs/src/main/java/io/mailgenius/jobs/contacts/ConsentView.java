package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ConsentAct;
import io.mailgenius.schema.ContactStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person said, as it can be proven.
 *
 * @param was the contact's status before
 * @param source a form, the page of preferences, or the API
 * @param words what changed
 * @param consentText what was agreed to, as the form had it when it was filled in
 * @param requestedAt when the form was filled in, and from where
 */
public record ConsentView(
        long id,
        String email,
        ConsentAct act,
        ContactStatus was,
        String source,
        String words,
        @Nullable String consentText,
        @Nullable String ip,
        @Nullable String userAgent,
        @Nullable Instant requestedAt,
        @Nullable String requestedIp,
        Instant decidedAt) {}
