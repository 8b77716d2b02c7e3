package io.mailgenius.engine.alerts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells people or programs about alerts. A bean of the application. */
public interface AlertChannel {

    /** In lower case, such as {@code webhook}. */
    String name();

    /**
     * Delivers within some seconds. Called outside of transactions, on a thread that may wait, in
     * the scope of the workspace; repeated with the same id until it is accepted, also after a
     * crash behind an accepted delivery.
     */
    Delivery deliver(Notice notice);

    /** What became of a delivery. */
    sealed interface Delivery {

        record Accepted() implements Delivery {}

        /** Tried again later. */
        record Refused(String reason) implements Delivery {}
    }

    /**
     * @param id the same in each repetition
     * @param event {@code OPENED}, {@code RESOLVED} or {@code TEST}
     * @param alertId null for a test
     * @param target an address of the channel
     */
    record Notice(
            String id,
            String event,
            long workspaceId,
            AlertRule rule,
            @Nullable Long alertId,
            String subject,
            String message,
            double value,
            Instant at,
            String target) {}
}
