package io.mailgenius.jobs.mails;

import io.mailgenius.jobs.workspaces.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the parts of a mail that go into its headers, and its files. */
final class MailCheck {

    static final int MAX_SUBJECT = 500;
    static final int MAX_VARIABLES = 100;
    static final int MAX_HEADERS = 20;
    static final int MAX_TAGS = 8;
    static final int MAX_ATTACHMENTS = 10;
    private static final int MAX_BYTES = 5 * 1024 * 1024;
    private static final Duration FARTHEST = Duration.ofDays(30);

    private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,75}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]{1,900}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_-]{1,200}");
    private static final Pattern FILE = Pattern.compile("[^\\p{Cntrl}/\\\\\"<>:|?*]{1,200}");
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[A-Za-z0-9.+-]{1,50}/[A-Za-z0-9.+-]{1,50}");

    /** Others are the provider's, or say who sends to whom. */
    private static final Set<String> HEADERS =
            Set.of(
                    "auto-submitted",
                    "feedback-id",
                    "importance",
                    "in-reply-to",
                    "list-id",
                    "list-unsubscribe",
                    "list-unsubscribe-post",
                    "precedence",
                    "priority",
                    "references");

    private static final Set<String> RESERVED =
            Set.of("workspace_id", "campaign_id", "contact_id", "mail_id");

    private MailCheck() {}

    /** A line break in a header would begin another one. */
    static Map<String, String> headers(@Nullable Map<String, String> given) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, String> header : entries(given, MAX_HEADERS, "headers")) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HEADER.matcher(name).matches()
                    || !(name.startsWith("x-") || HEADERS.contains(name))) {
                throw new Refusal.Invalid(
                        "mail-header-invalid",
                        "A mail takes no header \"%s\": begin its name with X-, or use one of %s."
                                .formatted(
                                        shortened(header.getKey()),
                                        String.join(", ", HEADERS.stream().sorted().toList())));
            }
            if (header.getValue() == null || !HEADER_VALUE.matcher(header.getValue()).matches()) {
                throw new Refusal.Invalid(
                        "mail-header-invalid",
                        "The header %s has 1 to 900 printable ASCII characters in one line."
                                .formatted(header.getKey()));
            }
            if (headers.put(header.getKey(), header.getValue()) != null) {
                throw new Refusal.Invalid(
                        "mail-header-invalid",
                        "The header %s is there twice.".formatted(header.getKey()));
            }
        }
        return headers;
    }

    static Map<String, String> tags(@Nullable Map<String, String> given) {
        Map<String, String> tags = new TreeMap<>();
        for (Map.Entry<String, String> tag : entries(given, MAX_TAGS, "tags")) {
            if (!TAG.matcher(tag.getKey()).matches()
                    || tag.getValue() == null
                    || !TAG.matcher(tag.getValue()).matches()
                    || RESERVED.contains(tag.getKey())) {
                throw new Refusal.Invalid(
                        "mail-tag-invalid",
                        "Names and values of tags have 1 to 200 ASCII letters, digits, _ and -; %s are taken."
                                .formatted(String.join(", ", RESERVED.stream().sorted().toList())));
            }
            tags.put(tag.getKey(), tag.getValue());
        }
        return tags;
    }

    private static Set<Map.Entry<String, String>> entries(
            @Nullable Map<String, String> given, int most, String what) {
        if (given == null) {
            return Set.of();
        }
        if (given.size() > most) {
            throw new Refusal.Invalid(
                    "mail-%s-too-many".formatted(what),
                    "A mail has at most %d %s.".formatted(most, what));
        }
        return given.entrySet();
    }

    /**
     * @param content decoded
     */
    record Attached(String name, @Nullable String mediaType, byte[] content) {}

    static List<Attached> attachments(@Nullable List<MailAttachment> given) {
        List<Attached> all = new ArrayList<>();
        long bytes = 0;
        for (MailAttachment attachment : given == null ? List.<MailAttachment>of() : given) {
            if (!FILE.matcher(attachment.name()).matches()
                    || attachment.mediaType() != null
                            && !MEDIA_TYPE.matcher(attachment.mediaType()).matches()) {
                throw new Refusal.Invalid(
                        "mail-attachment-invalid",
                        "An attachment has the name of a file without folders, and a media type such as application/pdf.");
            }
            byte[] content = decoded(attachment);
            bytes += content.length;
            all.add(new Attached(attachment.name(), attachment.mediaType(), content));
        }
        if (all.size() > MAX_ATTACHMENTS || bytes > MAX_BYTES) {
            throw new Refusal.Invalid(
                    "mail-attachments-too-large",
                    "A mail has at most %d attachments, and 5 MB of them: send a link instead."
                            .formatted(MAX_ATTACHMENTS));
        }
        return all;
    }

    private static byte[] decoded(MailAttachment attachment) {
        try {
            return Base64.getDecoder().decode(attachment.content());
        } catch (IllegalArgumentException e) {
            throw new Refusal.Invalid(
                    "mail-attachment-invalid",
                    "The content of the attachment %s is not base64.".formatted(attachment.name()));
        }
    }

    static Instant due(@Nullable Instant given, Instant now) {
        if (given == null || given.isBefore(now)) {
            return now;
        }
        if (given.isAfter(now.plus(FARTHEST))) {
            throw new Refusal.Invalid(
                    "mail-schedule-invalid",
                    "scheduledAt is at most %d days ahead.".formatted(FARTHEST.toDays()));
        }
        return given;
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
