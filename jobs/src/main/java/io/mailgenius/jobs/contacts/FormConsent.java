package io.mailgenius.jobs.contacts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The consent text of a form when it was submitted.
 *
 * @param text the text that was agreed to
 */
public record FormConsent(String text, Instant requestedAt, @Nullable String requestedIp) {}
