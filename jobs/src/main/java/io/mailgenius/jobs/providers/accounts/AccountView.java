package io.mailgenius.jobs.providers.accounts;

import java.time.Instant;

/**
 * A workspace's own account, without its secrets.
 *
 * @param apiKeyEnd the last four characters of its API key, to tell keys apart
 * @param rate requests per second, of all nodes together; 0 for no limit
 * @param webhookPath where the provider has to send its events
 * @param webhookSecret whether the secret of the webhook is stored; events are refused without it
 * @param createdAt since when the workspace's mails go through it
 */
public record AccountView(
        long id,
        String apiKeyEnd,
        int rate,
        String webhookPath,
        boolean webhookSecret,
        Instant createdAt) {}
