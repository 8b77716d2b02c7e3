package io.mailgenius.jobs.providers;

import java.time.Duration;

/** Hands mails to the outside world. Whatever the network does comes back as a value. */
public interface Provider {

    /** At most this many mails go into one batch. */
    int BATCH = 100;

    /**
     * Sends the batch, or repeats it: a batch that was accepted before under the same key is not
     * sent again. Never throws for what the provider or the network does.
     */
    BatchOutcome send(MailBatch batch);

    /**
     * How long the provider recognises a key; zero if it knows no keys, and a repetition would be
     * another mail.
     */
    Duration keyLife();
}
