package io.mailgenius.jobs.templates.links;

/**
 * A link of a page that can be told apart by its number.
 *
 * @param number from 1
 * @param url where it leads, UTM parameters included; what the author wrote, if {@code
 *     perRecipient}
 * @param perRecipient Liquid stands in it, so each mail has an address of its own
 */
public record Link(int number, String url, boolean perRecipient) {}
