package io.mailgenius.jobs.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.contacts.addresses.Mailbox;
import io.mailgenius.jobs.events.bots.Bots;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SuppressionReason;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Parses the webhooks of Resend. No field of a message is assumed to be present or valid. */
final class ResendWebhook {

    private static final int LONGEST_ID = 256;
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Bots MACHINES = new Bots();
    private static final Map<String, EventType> TYPES =
            Map.of(
                    "email.sent", EventType.SENT,
                    "email.delivered", EventType.DELIVERED,
                    "email.delivery_delayed", EventType.DELAYED,
                    "email.bounced", EventType.BOUNCED,
                    "email.complained", EventType.COMPLAINED,
                    "email.opened", EventType.OPENED,
                    "email.clicked", EventType.CLICKED,
                    "email.failed", EventType.FAILED,
                    "email.suppressed", EventType.SUPPRESSED);

    /** An address was added to the provider's suppression list. */
    static final String ADDED_TO_LIST = "suppression.added";

    static final String REMOVED_FROM_LIST = "suppression.removed";

    private ResendWebhook() {}

    sealed interface Reading {
        record ParsedMailEvent(Event event) implements Reading {}

        /**
         * A change of the account's suppression list, which applies to all workspaces.
         *
         * @param event without a workspace yet
         */
        record ParsedAccountEvent(Event event, EmailAddress address) implements Reading {}

        record Foreign(String type) implements Reading {}

        record Unreadable(String reason) implements Reading {}
    }

    /**
     * @param signedAt replaces the time of the event if the message has no plausible one
     */
    static Reading read(String messageId, Instant signedAt, byte[] body) {
        if (messageId.isEmpty() || messageId.length() > LONGEST_ID) {
            return new Reading.Unreadable("the message's id is empty or too long");
        }
        JsonNode message;
        try {
            // PostgreSQL cannot store NUL in text, but a user agent may contain it.
            message = JSON.readTree(new String(body, UTF_8).replace("\\u0000", "\\ufffd"));
        } catch (JacksonException e) {
            return new Reading.Unreadable("the body is not JSON");
        }
        String type = message.path("type").stringValue("");
        JsonNode data = message.path("data");
        if (type.isEmpty() || type.length() > LONGEST_ID) {
            return new Reading.Unreadable("the message has no type");
        }
        Long workspaceId = number(tag(data, "workspace_id"));
        EmailAddress address = address(data);
        if (workspaceId == null && (address == null || !isListEvent(type))) {
            return new Reading.Foreign(type);
        }
        Event event =
                event(workspaceId == null ? 0 : workspaceId, messageId, signedAt, message, address);
        return workspaceId == null && address != null
                ? new Reading.ParsedAccountEvent(event, address)
                : new Reading.ParsedMailEvent(event);
    }

    private static Event event(
            long workspaceId,
            String messageId,
            Instant signedAt,
            JsonNode message,
            @Nullable EmailAddress address) {
        String type = message.path("type").stringValue("");
        JsonNode data = message.path("data");
        EventType known = classified(TYPES.get(type), data);
        return new Event(
                workspaceId,
                occurredAt(message.path("created_at"), signedAt),
                number(tag(data, "campaign_id")),
                number(tag(data, "contact_id")),
                known == null ? type : known.name(),
                messageId,
                data.path("email_id").stringValue(null),
                withMail(
                        known == null ? data.toString() : detail(known, data),
                        number(tag(data, "mail_id"))),
                known == null ? listReason(type, data) : suppresses(known, data),
                address == null ? null : address.value());
    }

    static boolean isListEvent(String type) {
        return type.equals(ADDED_TO_LIST) || type.equals(REMOVED_FROM_LIST);
    }

    /** The reason for which an address was added to the provider's list. */
    private static @Nullable SuppressionReason listReason(String type, JsonNode data) {
        return type.equals(ADDED_TO_LIST)
                ? switch (data.path("origin").stringValue("")) {
                    case "bounce" -> SuppressionReason.BOUNCED;
                    case "complaint" -> SuppressionReason.COMPLAINED;
                    default -> SuppressionReason.MANUAL;
                }
                : null;
    }

    /** The recipient. Every mail has one; of several it is unknown which one is meant. */
    private static @Nullable EmailAddress address(JsonNode data) {
        JsonNode to = data.path("to");
        String text =
                to.isArray()
                        ? to.size() == 1 ? to.path(0).stringValue("") : ""
                        : to.stringValue(data.path("email").stringValue(""));
        try {
            return text.isBlank() ? null : Mailbox.required(text).address();
        } catch (Refusal invalidAddress) {
            return null;
        }
    }

    /** Classifies by user agent and address; the kind of bot is added to the detail. */
    private static @Nullable EventType classified(@Nullable EventType type, JsonNode data) {
        return switch (type) {
            case OPENED -> isMachine(data.path("open")) ? EventType.MACHINE_OPENED : type;
            case CLICKED -> isMachine(data.path("click")) ? EventType.MACHINE_CLICKED : type;
            case SENT,
                    DELIVERED,
                    DELAYED,
                    BOUNCED,
                    COMPLAINED,
                    MACHINE_OPENED,
                    MACHINE_CLICKED,
                    FAILED,
                    SUPPRESSED,
                    UNSUBSCRIBED ->
                    type;
            case null -> null;
        };
    }

    private static boolean isMachine(JsonNode visit) {
        String kind =
                MACHINES.kind(
                        visit.path("userAgent").stringValue(null),
                        visit.path("ipAddress").stringValue(""));
        if (kind != null && visit instanceof ObjectNode kept) {
            kept.put("machine", kind);
        }
        return kind != null;
    }

    /** Tags are an object, in older messages an array of names and values. */
    private static @Nullable String tag(JsonNode data, String name) {
        JsonNode tags = data.path("tags");
        if (tags.isArray()) {
            for (JsonNode tag : tags) {
                if (name.equals(tag.path("name").stringValue(""))) {
                    return tag.path("value").asString(null);
                }
            }
            return null;
        }
        return tags.path(name).asString(null);
    }

    /** Ids are positive; any other value is not a tag of this installation. */
    private static @Nullable Long number(@Nullable String tag) {
        try {
            long id = tag == null ? 0 : Long.parseLong(tag);
            return id > 0 ? id : null;
        } catch (NumberFormatException invalidToken) {
            return null;
        }
    }

    /**
     * A time in the future would prevent its partition from being created; a time before 1970 is
     * implausible.
     */
    private static Instant occurredAt(JsonNode createdAt, Instant signedAt) {
        try {
            Instant told =
                    OffsetDateTime.parse(createdAt.stringValue(""))
                            .toInstant()
                            .truncatedTo(ChronoUnit.MICROS);
            return told.isBefore(Instant.EPOCH) || told.isAfter(signedAt.plus(CLOCK_SKEW))
                    ? signedAt
                    : told;
        } catch (DateTimeException invalidTime) {
            return signedAt;
        }
    }

    private static @Nullable String detail(EventType type, JsonNode data) {
        return switch (type) {
            case BOUNCED -> bounce(data);
            case CLICKED, MACHINE_CLICKED -> part(data, "click");
            case OPENED, MACHINE_OPENED -> part(data, "open");
            case FAILED -> part(data, "failed");
            case SUPPRESSED -> part(data, "suppressed");
            case SENT, DELIVERED, DELAYED, COMPLAINED, UNSUBSCRIBED -> null;
        };
    }

    /** Adds a hash that tells the addresses of a contact apart without storing them. */
    private static @Nullable String bounce(JsonNode data) {
        EmailAddress address = address(data);
        if (address != null && data.path("bounce") instanceof ObjectNode bounce) {
            bounce.put(Consequences.MAILBOX, Consequences.mailbox(address.value()));
        }
        return part(data, "bounce");
    }

    /** Names the transactional mail that an event is about. */
    private static @Nullable String withMail(@Nullable String detail, @Nullable Long mailId) {
        if (mailId == null) {
            return detail;
        }
        ObjectNode named =
                detail == null ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(detail);
        return named.put("mailId", mailId).toString();
    }

    private static @Nullable String part(JsonNode data, String name) {
        return data.path(name) instanceof ObjectNode part ? part.toString() : null;
    }

    /** Permanent bounces suppress at once; a full mailbox may accept mail tomorrow. */
    private static @Nullable SuppressionReason suppresses(@Nullable EventType type, JsonNode data) {
        return switch (type) {
            case BOUNCED ->
                    "permanent".equalsIgnoreCase(data.path("bounce").path("type").stringValue(""))
                            ? SuppressionReason.BOUNCED
                            : null;
            case COMPLAINED -> SuppressionReason.COMPLAINED;
            // The address has bounced or complained before; a complaint is reported in an event of
            // its own.
            case SUPPRESSED -> SuppressionReason.BOUNCED;
            case SENT,
                    DELIVERED,
                    DELAYED,
                    OPENED,
                    CLICKED,
                    MACHINE_OPENED,
                    MACHINE_CLICKED,
                    FAILED,
                    UNSUBSCRIBED ->
                    null;
            case null -> null;
        };
    }
}
