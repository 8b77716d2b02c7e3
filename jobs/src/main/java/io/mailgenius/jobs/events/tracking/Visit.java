package io.mailgenius.jobs.events.tracking;

/**
 * Who asked.
 *
 * @param head for the headers only
 */
public record Visit(String userAgent, String ip, boolean head) {}
