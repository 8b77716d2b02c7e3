package io.mailgenius.jobs.providers.sandbox;

/**
 * Takes what the sandbox reports: a message as Resend's webhooks have it, signed. A node hands it
 * to itself, so there is no connection in between.
 */
public interface WebhookReceiver {

    enum Answer {
        TAKEN,
        /** This event is not wanted, others may be. */
        REJECTED,
        /** Nothing is taken at the moment. */
        CLOSED
    }

    /**
     * @param id header {@code svix-id}
     * @param timestamp header {@code svix-timestamp}
     * @param signature header {@code svix-signature}
     * @param body the JSON
     */
    Answer receive(String id, String timestamp, String signature, byte[] body);
}
