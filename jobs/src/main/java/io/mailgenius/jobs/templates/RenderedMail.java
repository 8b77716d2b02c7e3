package io.mailgenius.jobs.templates;

/**
 * What one contact reads.
 *
 * @param subject one line; empty when the template has none
 * @param html empty when the template has a text only
 */
public record RenderedMail(String subject, String html, String text) {}
