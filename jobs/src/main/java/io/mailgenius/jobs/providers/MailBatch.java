package io.mailgenius.jobs.providers;

import java.util.List;

/**
 * Mails that are accepted or refused together.
 *
 * @param idempotencyKey 1 to 256 characters, made of campaign, chunk and batch and never of an
 *     attempt, so that every repetition carries the same key
 * @param mails one to {@link Provider#BATCH}; one if it has attachments
 * @param urgent whether it goes ahead of what is not, within the rate of the account
 */
public record MailBatch(String idempotencyKey, List<Mail> mails, boolean urgent) {

    public MailBatch(String idempotencyKey, List<Mail> mails) {
        this(idempotencyKey, mails, false);
    }

    public MailBatch {
        if (idempotencyKey.isEmpty() || idempotencyKey.length() > 256) {
            throw new IllegalArgumentException("An idempotency key has 1 to 256 characters");
        }
        if (mails.isEmpty() || mails.size() > Provider.BATCH) {
            throw new IllegalArgumentException("A batch has 1 to " + Provider.BATCH + " mails");
        }
        if (mails.size() > 1 && mails.stream().anyMatch(mail -> !mail.attachments().isEmpty())) {
            throw new IllegalArgumentException("A mail with attachments is sent alone");
        }
        mails = List.copyOf(mails);
    }
}
