package io.mailgenius.jobs.analytics;

import static java.util.stream.Collectors.toSet;

import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.EventType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Random events and the reference implementation of counting: all at once, in memory. */
final class ReferenceCounts {

    private static final Set<String> COUNTED =
            Arrays.stream(EventType.values()).map(Enum::name).collect(toSet());
    private static final List<String> WORDS =
            Stream.concat(COUNTED.stream().sorted(), Stream.of("email.scheduled")).toList();

    private static final String PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)";
    private static final String PROXY = "Mozilla/5.0 (via ggpht.com GoogleImageProxy)";
    private static final List<@Nullable String> DETAILS =
            Stream.of(
                            null,
                            "{}",
                            "{\"link\":\"https://example.com/a\",\"userAgent\":\"%s\"}"
                                    .formatted(PHONE),
                            "{\"link\":1,\"url\":\"https://example.com/a\",\"userAgent\":\"%s\"}"
                                    .formatted(PROXY),
                            "{\"url\":\"https://example.com/%s\",\"userAgent\":\"telnet\"}"
                                    .formatted("x".repeat(4_000)))
                    .toList();
    private static final List<String> DOMAINS =
            List.of("gmail.com", "hotmail.com", "ymail.com", "me.com", "example.com");
    private static final List<String> MAILBOXES =
            List.of("gmail", "outlook", "yahoo", "apple", "other");

    private ReferenceCounts() {}

    static String address(long contact) {
        return contact + "@" + DOMAINS.get((int) (contact % DOMAINS.size()));
    }

    /** Contacts above 20 do not exist. */
    private static String mailbox(long contact) {
        return contact > 20 ? "other" : MAILBOXES.get((int) (contact % MAILBOXES.size()));
    }

    /** {@code campaign dimension value type -> events contacts}. */
    static Map<String, String> parts(Collection<Event> happened) {
        Map<String, Integer> events = new TreeMap<>();
        Map<String, Set<Long>> contacts = new TreeMap<>();
        for (Event event : happened) {
            if (event.campaignId() == null || !COUNTED.contains(event.type())) {
                continue;
            }
            Long contact = event.contactId();
            if (contact != null) {
                String part =
                        "%d MAILBOX %s %s"
                                .formatted(event.campaignId(), mailbox(contact), event.type());
                events.putIfAbsent(part, 0);
                contacts.computeIfAbsent(part, _ -> new HashSet<>()).add(contact);
            }
            if (event.type().equals("OPENED") || event.type().equals("CLICKED")) {
                String detail = Objects.requireNonNullElse(event.detail(), "");
                String form = " %s " + event.type();
                boolean phone = detail.contains("iPhone");
                boolean proxy = detail.contains("GoogleImageProxy");
                String device = phone ? "mobile" : "unknown";
                String client = phone ? "apple mail" : proxy ? "gmail" : "unknown";
                events.merge(
                        event.campaignId() + " DEVICE" + form.formatted(device), 1, Integer::sum);
                events.merge(
                        event.campaignId() + " CLIENT" + form.formatted(client), 1, Integer::sum);
                if (event.type().equals("CLICKED") && detail.contains("example.com")) {
                    String link = detail.contains("/xx") ? "long" : "https://example.com/a";
                    String part = event.campaignId() + " LINK" + form.formatted(link);
                    events.merge(part, 1, Integer::sum);
                    if (contact != null) {
                        contacts.computeIfAbsent(part, _ -> new HashSet<>()).add(contact);
                    }
                }
            }
        }
        Map<String, String> parts = new TreeMap<>();
        events.forEach(
                (part, n) ->
                        parts.put(part, n + " " + contacts.getOrDefault(part, Set.of()).size()));
        return parts;
    }

    static Map<String, String> countedParts(JdbcClient owner) {
        Map<String, String> parts = new TreeMap<>();
        owner.sql("SELECT * FROM campaign_breakdown")
                .query(
                        row -> {
                            String value = row.getString("value");
                            parts.put(
                                    "%d %s %s %s"
                                            .formatted(
                                                    row.getLong("campaign_id"),
                                                    row.getString("dimension"),
                                                    value.contains("/xx") ? "long" : value,
                                                    row.getString("type")),
                                    row.getLong("events") + " " + row.getLong("contacts"));
                        });
        return parts;
    }

    /** Few contacts, hours and minutes, so that events coincide often. */
    static List<Event> random(Random random, long workspace, int events, Instant from) {
        List<Event> happened = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            happened.add(
                    new Event(
                            workspace,
                            from.plus(random.nextInt(4 * 60), ChronoUnit.MINUTES)
                                    .plus(random.nextInt(3), ChronoUnit.MICROS),
                            random.nextInt(40) == 0 ? null : 1L + random.nextInt(3),
                            random.nextInt(40) == 0 ? null : 1L + random.nextInt(25),
                            WORDS.get(random.nextInt(WORDS.size())),
                            "m" + i,
                            null,
                            DETAILS.get(random.nextInt(DETAILS.size())),
                            null));
        }
        return happened;
    }

    /** {@code campaign hour type -> events contacts}. */
    static Map<String, String> campaignHours(Collection<Event> happened) {
        Map<String, Integer> events = new TreeMap<>();
        Map<String, Set<Long>> contacts = new HashMap<>();
        Map<String, Instant> firsts = addFirstTimes(happened);
        for (Event event : happened) {
            if (event.campaignId() == null || !COUNTED.contains(event.type())) {
                continue;
            }
            String line = event.campaignId() + " " + hour(event.occurredAt()) + " " + event.type();
            events.merge(line, 1, Integer::sum);
            Set<Long> counted = contacts.computeIfAbsent(line, _ -> new HashSet<>());
            Instant first = firsts.get(first(event));
            if (event.contactId() != null
                    && (first == null || hour(first).equals(hour(event.occurredAt())))) {
                counted.add(event.contactId());
            }
        }
        Map<String, String> lines = new TreeMap<>();
        events.forEach((line, n) -> lines.put(line, n + " " + contacts.get(line).size()));
        return lines;
    }

    /** {@code campaign contact type -> first time}. */
    static Map<String, Instant> addFirstTimes(Collection<Event> happened) {
        Map<String, Instant> firsts = new TreeMap<>();
        for (Event event : happened) {
            if (event.campaignId() != null
                    && event.contactId() != null
                    && COUNTED.contains(event.type())) {
                firsts.merge(first(event), event.occurredAt(), (a, b) -> a.isBefore(b) ? a : b);
            }
        }
        return firsts;
    }

    private static String first(Event event) {
        return event.campaignId() + " " + event.contactId() + " " + event.type();
    }

    private static Instant hour(Instant at) {
        return at.truncatedTo(ChronoUnit.HOURS);
    }

    static Map<String, String> countedHours(JdbcClient owner, long workspace) {
        Map<String, String> lines = new TreeMap<>();
        owner.sql("SELECT * FROM campaign_hour WHERE workspace_id = ?")
                .param(workspace)
                .query(
                        row -> {
                            lines.put(
                                    row.getLong("campaign_id")
                                            + " "
                                            + row.getTimestamp("hour").toInstant()
                                            + " "
                                            + row.getString("type"),
                                    row.getLong("events") + " " + row.getLong("contacts"));
                        });
        return lines;
    }

    static Map<String, Instant> settledFirsts(RollupFixture fixture) {
        Map<String, Instant> firsts = new TreeMap<>();
        fixture.owner
                .sql("SELECT * FROM engagement")
                .query(
                        row -> {
                            for (String type : COUNTED) {
                                var at = row.getTimestamp(type.toLowerCase(Locale.ROOT) + "_at");
                                if (at != null) {
                                    firsts.put(
                                            row.getLong("campaign_id")
                                                    + " "
                                                    + row.getLong("contact_id")
                                                    + " "
                                                    + type,
                                            at.toInstant());
                                }
                            }
                        });
        return firsts;
    }
}
