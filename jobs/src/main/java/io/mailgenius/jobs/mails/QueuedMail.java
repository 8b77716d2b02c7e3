package io.mailgenius.jobs.mails;

import io.mailgenius.jobs.mails.MailCheck.Attached;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mail that a node has claimed.
 *
 * @param account through which it was first offered
 * @param offeredAt when
 * @param attempts how many requests were answered by something else than an acceptance
 */
record QueuedMail(long id, Content content, long account, Instant offeredAt, int attempts) {

    /** What was rendered. */
    record Content(
            @Nullable Long contactId,
            String email,
            String sender,
            @Nullable String replyTo,
            String subject,
            @Nullable String html,
            @Nullable String text,
            Map<String, String> headers,
            Map<String, String> tags,
            List<Attached> attachments) {

        /** How much memory it takes, about. */
        int kilobytes() {
            long characters =
                    (html == null ? 0 : html.length()) + (text == null ? 0 : text.length());
            long bytes = attachments.stream().mapToLong(file -> file.content().length).sum();
            return (int) (1 + (2 * characters + 2 * bytes) / 1024);
        }
    }

    /** The same bytes and the same key for every repetition, on whichever node. */
    MailBatch batch() {
        long workspace = WorkspaceScope.required();
        Map<String, String> tags = new HashMap<>(content.tags());
        tags.put("workspace_id", Long.toString(workspace));
        tags.put("mail_id", Long.toString(id));
        if (content.contactId() != null) {
            tags.put("contact_id", Long.toString(content.contactId()));
        }
        Mail mail =
                new Mail(
                        content.sender(),
                        content.email(),
                        content.subject(),
                        content.html(),
                        content.text(),
                        content.replyTo(),
                        content.headers(),
                        tags,
                        content.attachments().stream().map(QueuedMail::attachment).toList());
        return new MailBatch("mail-%d-%d".formatted(workspace, id), List.of(mail), true);
    }

    private static Mail.Attachment attachment(Attached file) {
        return new Mail.Attachment(
                file.name(), file.mediaType(), Base64.getEncoder().encodeToString(file.content()));
    }
}
