package io.mailgenius.jobs.events.tracking;

/**
 * The client of a request.
 *
 * @param head true for a HEAD request
 */
public record Visit(String userAgent, String ip, boolean head) {}
