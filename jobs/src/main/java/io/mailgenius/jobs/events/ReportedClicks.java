package io.mailgenius.jobs.events;

import io.mailgenius.jobs.events.bots.Bots;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Detects bots by their behaviour among the clicks that the provider reports. A click must be
 * stored before it is acknowledged, so that a burst is only recognised by the clicks stored before
 * or with it. Clicks of our own tracking are classified before they are stored.
 */
final class ReportedClicks {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    ReportedClicks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Mail(@Nullable Long campaignId, @Nullable Long contactId) {

        static Mail of(Event event) {
            return new Mail(event.campaignId(), event.contactId());
        }
    }

    /** The deliveries and clicks of a mail around the time of the clicks. */
    private record Known(List<Instant> deliveries, List<Follow> follows) {

        static final Known NOTHING = new Known(List.of(), List.of());

        static Known empty() {
            return new Known(new ArrayList<>(), new ArrayList<>());
        }

        @Nullable String kind(Follow click) {
            if (follows.stream()
                            .filter(follow -> follow.isWithin(Bots.BURST, click))
                            .map(Follow::link)
                            .distinct()
                            .count()
                    >= Bots.MANY) {
                return Bots.SCANNER;
            }
            return deliveries.stream().anyMatch(at -> click.at.isBefore(at.plus(Bots.TOO_SOON)))
                    ? Bots.TOO_SOON_KIND
                    : null;
        }
    }

    private record Follow(Instant at, String link) {

        static Optional<Follow> of(@Nullable String timestamp, @Nullable String link) {
            if (timestamp == null || link == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Follow(OffsetDateTime.parse(timestamp).toInstant(), link));
            } catch (DateTimeParseException untold) {
                return Optional.empty();
            }
        }

        static Optional<Follow> of(Event click) {
            JsonNode detail = JSON.readTree(Objects.requireNonNullElse(click.detail(), "{}"));
            return of(
                    detail.path("timestamp").stringValue(null),
                    detail.path("link").stringValue(null));
        }

        boolean isWithin(Duration time, Follow other) {
            return Duration.between(at, other.at).abs().compareTo(time) <= 0;
        }
    }

    /**
     * Called in the transaction that writes the events. It costs one query if there are clicks, and
     * none otherwise.
     *
     * @return all events in their order, those of bots with the bot types
     */
    List<Event> classified(long workspaceId, List<Event> fresh) {
        Map<Event, Follow> clicks = new HashMap<>();
        fresh.stream()
                .filter(ReportedClicks::isClassifiable)
                .forEach(it -> Follow.of(it).ifPresent(follow -> clicks.put(it, follow)));
        if (clicks.isEmpty()) {
            return fresh;
        }
        Map<Mail, Known> known = stored(workspaceId, clicks);
        for (Event event : fresh) {
            Known mail = known.computeIfAbsent(Mail.of(event), _ -> Known.empty());
            if (event.type().equals(EventType.DELIVERED.name())) {
                mail.deliveries.add(event.occurredAt());
            } else if (isReported(event)) {
                Follow.of(event).ifPresent(mail.follows::add);
            }
        }
        return fresh.stream()
                .map(
                        event -> {
                            Follow click = clicks.get(event);
                            String kind =
                                    click == null
                                            ? null
                                            : known.getOrDefault(Mail.of(event), Known.NOTHING)
                                                    .kind(click);
                            return kind == null ? event : asBot(event, kind);
                        })
                .toList();
    }

    private static boolean isClassifiable(Event event) {
        return isReported(event)
                && event.type().equals(EventType.CLICKED.name())
                && event.campaignId() != null
                && event.contactId() != null;
    }

    /** Reported by the provider and not by our own pages. */
    private static boolean isReported(Event event) {
        return event.providerId() != null
                && Stream.of(EventType.CLICKED, EventType.MACHINE_CLICKED)
                        .anyMatch(type -> event.type().equals(type.name()));
    }

    /**
     * OFFSET 0 forces one lookup per contact; otherwise, without statistics of the current month,
     * the planner would scan all events since the oldest click. {@code + 0} keeps it on the index
     * by contact, and the bound on time excludes earlier partitions.
     */
    private Map<Mail, Known> stored(long workspaceId, Map<Event, Follow> clicks) {
        Map<Mail, Known> known = new HashMap<>();
        Instant first =
                clicks.entrySet().stream()
                        .flatMap(it -> Stream.of(it.getKey().occurredAt(), it.getValue().at()))
                        .min(Comparator.naturalOrder())
                        .orElseThrow();
        jdbc.sql(
                        """
                        SELECT c.campaign_id, c.contact_id, e.type = 'DELIVERED', e.occurred_at,
                               e.detail ->> 'timestamp', e.detail ->> 'link'
                          FROM (SELECT DISTINCT campaign_id, contact_id
                                  FROM unnest(:campaigns::bigint[], :contacts::bigint[])
                                         AS c (campaign_id, contact_id)) c
                         CROSS JOIN LATERAL (
                               SELECT type, occurred_at, detail
                                 FROM event
                                WHERE workspace_id = :workspace
                                  AND contact_id = c.contact_id
                                  AND campaign_id + 0 = c.campaign_id
                                  AND type IN ('DELIVERED', 'CLICKED', 'MACHINE_CLICKED')
                                  AND occurred_at > :since::timestamptz
                               OFFSET 0) e
                        """)
                .param("workspace", workspaceId)
                .param("campaigns", ids(clicks, Event::campaignId))
                .param("contacts", ids(clicks, Event::contactId))
                .param("since", first.minus(Bots.BURST).toString())
                .query(
                        row -> {
                            Known mail =
                                    known.computeIfAbsent(
                                            new Mail(row.getLong(1), row.getLong(2)),
                                            _ -> Known.empty());
                            if (row.getBoolean(3)) {
                                mail.deliveries.add(
                                        row.getObject(4, OffsetDateTime.class).toInstant());
                            } else {
                                Follow.of(row.getString(5), row.getString(6))
                                        .ifPresent(mail.follows::add);
                            }
                        });
        return known;
    }

    private static Long[] ids(Map<Event, Follow> clicks, Function<Event, @Nullable Long> id) {
        return clicks.keySet().stream().map(id).flatMap(Stream::ofNullable).toArray(Long[]::new);
    }

    private static Event asBot(Event click, String kind) {
        ObjectNode detail =
                (ObjectNode) JSON.readTree(Objects.requireNonNullElse(click.detail(), "{}"));
        return new Event(
                click.workspaceId(),
                click.occurredAt(),
                click.campaignId(),
                click.contactId(),
                EventType.MACHINE_CLICKED.name(),
                click.messageId(),
                click.providerId(),
                detail.put("machine", kind).toString(),
                click.suppresses(),
                click.email());
    }
}
