package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventType;
import java.util.List;
import java.util.Map;

/**
 * A campaign's figures by dimensions other than time.
 *
 * @param links clicks: events, and contacts that each count once per link
 * @param mailboxes contacts by mailbox provider; no events
 * @param devices opens and clicks; no contacts
 * @param clients opens and clicks; no contacts
 */
public record Breakdown(
        List<Part> links, List<Part> mailboxes, List<Part> devices, List<Part> clients) {

    /**
     * The limit per dimension, because a campaign with a link per contact has as many values as
     * clicks.
     */
    static final int MOST = 200;

    /** A count that the dimension does not have is 0. */
    public record Part(String value, EventType type, long events, long contacts) {}

    static Breakdown of(Map<String, List<Part>> byDimension) {
        return new Breakdown(
                byDimension.getOrDefault("LINK", List.of()),
                byDimension.getOrDefault("MAILBOX", List.of()),
                byDimension.getOrDefault("DEVICE", List.of()),
                byDimension.getOrDefault("CLIENT", List.of()));
    }
}
