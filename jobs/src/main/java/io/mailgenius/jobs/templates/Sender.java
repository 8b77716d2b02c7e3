package io.mailgenius.jobs.templates;

import org.jspecify.annotations.Nullable;

/**
 * Who answers for a mail.
 *
 * @param postalAddress as the workspace has it
 * @param postalAddressRequired without one nothing is sent
 */
public record Sender(@Nullable String postalAddress, boolean postalAddressRequired) {}
