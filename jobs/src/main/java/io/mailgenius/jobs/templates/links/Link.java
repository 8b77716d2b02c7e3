package io.mailgenius.jobs.templates.links;

/**
 * A link of a page, identified by its number.
 *
 * @param number from 1
 * @param url the target, UTM parameters included; the source with its Liquid if {@code
 *     perRecipient}
 * @param perRecipient true if the address contains Liquid, so that it differs in each mail
 */
public record Link(int number, String url, boolean perRecipient) {}
