package io.mailgenius.jobs.providers.sandbox;

/**
 * Receives the events of the sandbox: signed messages in the format of Resend's webhooks. A node
 * hands them to itself without a connection.
 */
public interface WebhookReceiver {

    enum Answer {
        TAKEN,
        /** This event is not accepted, others may be. */
        REJECTED,
        /** Nothing is accepted at the moment. */
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
