package io.mailgenius.jobs.contacts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a form said when somebody filled it in.
 *
 * @param text of the consent
 */
public record FormConsent(String text, Instant requestedAt, @Nullable String requestedIp) {}
