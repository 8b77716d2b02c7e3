package io.mailgenius.jobs.templates;

/**
 * A mail rendered for one contact.
 *
 * @param subject a single line; empty if the template has none
 * @param html empty if the template has only a text part
 */
public record RenderedMail(String subject, String html, String text) {}
