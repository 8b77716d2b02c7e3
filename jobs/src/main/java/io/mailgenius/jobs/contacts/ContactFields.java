package io.mailgenius.jobs.contacts;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ContactStatus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a contact that can be changed, with their rules. */
record ContactFields(
        EmailAddress email,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phone,
        @Nullable String city,
        @Nullable String country,
        @Nullable String locale,
        @Nullable String timeZone,
        Attributes attributes,
        ContactStatus status,
        boolean tracking,
        @Nullable String externalId) {

    static final int MAX_TEXT = 500;
    static final int MAX_EXTERNAL_ID = 200;

    static ContactFields of(ContactDraft draft, ContactStatus status) {
        return new ContactFields(
                EmailAddress.required(draft.email()),
                text("firstName", draft.firstName()),
                text("lastName", draft.lastName()),
                text("phone", draft.phone()),
                text("city", draft.city()),
                text("country", draft.country()),
                text("locale", draft.locale()),
                text("timeZone", draft.timeZone()),
                Attributes.of(draft.attributes() == null ? Map.of() : draft.attributes()),
                status,
                true,
                externalId(draft.externalId()));
    }

    /** Applies a JSON merge patch (RFC 7396): absent fields stay, null removes. */
    static ContactFields patched(ContactView contact, ObjectNode patch) {
        Map<String, JsonNode> left = new HashMap<>();
        patch.properties().forEach(field -> left.put(field.getKey(), field.getValue()));
        JsonNode email = left.remove("email");
        JsonNode attributes = left.remove("attributes");
        JsonNode status = left.remove("status");
        JsonNode tracking = left.remove("tracking");
        JsonNode externalId = left.remove("externalId");
        ContactFields fields =
                new ContactFields(
                        // Stored values may violate newer rules and stay as they are.
                        email == null
                                ? new EmailAddress(contact.email())
                                : EmailAddress.required(string("email", email)),
                        patched("firstName", contact.firstName(), left),
                        patched("lastName", contact.lastName(), left),
                        patched("phone", contact.phone(), left),
                        patched("city", contact.city(), left),
                        patched("country", contact.country(), left),
                        patched("locale", contact.locale(), left),
                        patched("timeZone", contact.timeZone(), left),
                        attributes == null
                                ? Attributes.of(contact.attributes())
                                : Attributes.of(contact.attributes()).patched(attributes),
                        status == null ? contact.status() : status(status),
                        tracking == null ? contact.tracking() : tracking(tracking),
                        externalId == null
                                ? contact.externalId()
                                : externalId(string("externalId", externalId)));
        if (!left.isEmpty()) {
            throw new Refusal.Invalid(
                    "unknown-contact-field",
                    "A contact has no field %s. Fields of your own belong into attributes."
                            .formatted(
                                    String.join(", ", left.keySet().stream().sorted().toList())));
        }
        return fields;
    }

    /** The same fields with status {@code SUBSCRIBED}. */
    static ContactFields subscribed(ContactView contact) {
        return patched(
                contact,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("status", ContactStatus.SUBSCRIBED.name()));
    }

    /** Applies what the owner has confirmed; fields that the form did not contain stay. */
    static ContactFields subscribed(ContactView contact, Subscription confirmed) {
        ContactFields as = subscribed(contact);
        ObjectNode attributes = Attributes.of(confirmed.attributes()).json();
        return new ContactFields(
                as.email(),
                confirmed.firstName() == null
                        ? as.firstName()
                        : NormalizedText.of(confirmed.firstName()),
                confirmed.lastName() == null
                        ? as.lastName()
                        : NormalizedText.of(confirmed.lastName()),
                as.phone(),
                as.city(),
                as.country(),
                as.locale(),
                as.timeZone(),
                as.attributes().patched(attributes),
                as.status(),
                as.tracking(),
                as.externalId());
    }

    private static @Nullable String patched(
            String name, @Nullable String stored, Map<String, JsonNode> left) {
        JsonNode value = left.remove(name);
        return value == null ? stored : text(name, string(name, value));
    }

    private static @Nullable String string(String name, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new Refusal.Invalid(
                    "contact-field-is-no-text", name + " must be a text or null.");
        }
        return value.stringValue();
    }

    private static @Nullable String text(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > MAX_TEXT) {
            throw new Refusal.Invalid(
                    "contact-field-too-long",
                    "%s has %,d characters; at most %d are kept."
                            .formatted(name, value.length(), MAX_TEXT));
        }
        if (value.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "contact-field-has-nul", name + " contains the character U+0000; remove it.");
        }
        return NormalizedText.of(value.strip());
    }

    private static @Nullable String externalId(@Nullable String value) {
        String id = text("externalId", value);
        if (id != null && id.length() > MAX_EXTERNAL_ID) {
            throw new Refusal.Invalid(
                    "contact-field-too-long",
                    "externalId has %,d characters; at most %d are kept."
                            .formatted(id.length(), MAX_EXTERNAL_ID));
        }
        return id;
    }

    private static boolean tracking(JsonNode value) {
        if (!value.isBoolean()) {
            throw new Refusal.Invalid("contact-tracking-invalid", "tracking is true or false.");
        }
        return value.booleanValue();
    }

    private static ContactStatus status(JsonNode value) {
        return Arrays.stream(ContactStatus.values())
                .filter(status -> value.isString() && status.name().equals(value.stringValue()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "unknown-contact-status",
                                        "status must be one of %s."
                                                .formatted(
                                                        Arrays.toString(ContactStatus.values()))));
    }
}
