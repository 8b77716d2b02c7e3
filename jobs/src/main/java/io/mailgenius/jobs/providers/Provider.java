package io.mailgenius.jobs.providers;

import java.time.Duration;

/** Sends mails. All results of the network are returned as values. */
public interface Provider {

    /** The largest number of mails in a batch. */
    int BATCH = 100;

    /**
     * Sends the batch, or repeats it: a batch that was accepted before under the same key is not
     * sent again. Failures of the provider or the network never throw.
     */
    BatchOutcome send(MailBatch batch);

    /**
     * How long the provider recognises a key; zero if it has no keys, so that a repetition would be
     * another mail.
     */
    Duration keyLife();
}
