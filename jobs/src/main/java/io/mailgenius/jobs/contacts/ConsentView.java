package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ConsentAct;
import io.mailgenius.schema.ContactStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A provable change of a contact's consent.
 *
 * @param was the contact's status before
 * @param source a form, the page of preferences, or the API
 * @param words a description of the change
 * @param consentText the text that was agreed to, as the form showed it
 * @param requestedAt when and from where the form was submitted
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
