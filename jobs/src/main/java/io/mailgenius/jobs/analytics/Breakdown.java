package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventType;
import java.util.List;
import java.util.Map;

/**
 * A campaign's figures by something else than time.
 *
 * @param links of clicks: events, and contacts that each count once per link
 * @param mailboxes contacts by who runs their mailbox; no events
 * @param devices opens and clicks; no contacts
 * @param clients opens and clicks; no contacts
 */
public record Breakdown(
        List<Part> links, List<Part> mailboxes, List<Part> devices, List<Part> clients) {

    /** Of each at most; a campaign whose links differ for each contact has as many as clicks. */
    static final int MOST = 200;

    /** What is not counted in a dimension is 0 there. */
    public record Part(String value, EventType type, long events, long contacts) {}

    static Breakdown of(Map<String, List<Part>> byDimension) {
        return new Breakdown(
                byDimension.getOrDefault("LINK", List.of()),
                byDimension.getOrDefault("MAILBOX", List.of()),
                byDimension.getOrDefault("DEVICE", List.of()),
                byDimension.getOrDefault("CLIENT", List.of()));
    }
}
