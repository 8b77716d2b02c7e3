package io.mailgenius.jobs.templates;

import org.jspecify.annotations.Nullable;

/**
 * The sender data that the check needs.
 *
 * @param postalAddress the postal address of the workspace
 * @param postalAddressRequired true if mails without a postal address must not be sent
 */
public record Sender(@Nullable String postalAddress, boolean postalAddressRequired) {}
