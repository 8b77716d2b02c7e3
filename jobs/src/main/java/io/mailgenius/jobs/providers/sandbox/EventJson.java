package io.mailgenius.jobs.providers.sandbox;

import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** An event in the JSON of Resend's webhooks. */
final class EventJson {

    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String[] READERS = {
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    };

    private EventJson() {}

    static String of(MailEvent event, SandboxMail mail) {
        StringWriter text = new StringWriter(1024);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("type", type(event));
            json.writeStringProperty("created_at", iso(event.at()));
            json.writeObjectPropertyStart("data");
            json.writeStringProperty("created_at", iso(mail.acceptedAt()));
            json.writeStringProperty("email_id", mail.id().toString());
            json.writeStringProperty("message_id", "<" + mail.id() + "@sandbox.invalid>");
            json.writeStringProperty("from", mail.from());
            json.writeArrayPropertyStart("to");
            mail.to().forEach(json::writeString);
            json.writeEndArray();
            json.writeStringProperty("subject", mail.subject());
            switch (event) {
                case MailEvent.Bounced bounced -> bounce(json, bounced);
                case MailEvent.Clicked clicked -> click(json, clicked, mail);
                case MailEvent.Delivered _, MailEvent.Opened _, MailEvent.Complained _ -> {}
            }
            json.writeObjectPropertyStart("tags");
            mail.tags().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static String type(MailEvent event) {
        return switch (event) {
            case MailEvent.Delivered _ -> "email.delivered";
            case MailEvent.Bounced _ -> "email.bounced";
            case MailEvent.Opened _ -> "email.opened";
            case MailEvent.Clicked _ -> "email.clicked";
            case MailEvent.Complained _ -> "email.complained";
        };
    }

    private static void bounce(JsonGenerator json, MailEvent.Bounced bounced) {
        json.writeObjectPropertyStart("bounce");
        json.writeStringProperty(
                "message",
                bounced.forGood()
                        ? "550 5.1.1 The email account that you tried to reach does not exist."
                        : "452 4.2.2 The recipient's mailbox is full. Please try again later.");
        json.writeStringProperty("subType", bounced.forGood() ? "General" : "MailboxFull");
        json.writeStringProperty("type", bounced.forGood() ? "Permanent" : "Transient");
        json.writeEndObject();
    }

    private static void click(JsonGenerator json, MailEvent.Clicked clicked, SandboxMail mail) {
        SeededChance chance = new SeededChance(mail.id());
        json.writeObjectPropertyStart("click");
        // 203.0.113.0/24 is reserved for documentation.
        json.writeStringProperty(
                "ipAddress", "203.0.113." + chance.of(SimulatedOutcome.READER, 256));
        json.writeStringProperty("link", clicked.link());
        json.writeStringProperty("timestamp", iso(clicked.followed()));
        json.writeStringProperty(
                "userAgent", READERS[chance.of(SimulatedOutcome.READER, READERS.length)]);
        json.writeEndObject();
    }

    private static String iso(Instant instant) {
        return ISO.format(instant);
    }
}
