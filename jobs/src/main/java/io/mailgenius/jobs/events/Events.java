package io.mailgenius.jobs.events;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.events.ResendWebhook.Reading;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Accepts events. An event with the receipt {@link Receipt.Stored} has been committed, with the
 * suppression that follows from it and its batch for the rollup.
 *
 * <p>Starts before the web server and stops after it, so that every accepted request is answered.
 */
@Component
public final class Events implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final Duration TOLERANCE = Duration.ofSeconds(300);

    private final WebhookSecrets secrets;
    private final EventStore store;
    private final Clock clock;
    private final MeterRegistry meters;
    private volatile @Nullable GroupCommit writer;

    Events(WebhookSecrets secrets, EventStore store, Clock clock, MeterRegistry meters) {
        this.secrets = secrets;
        this.store = store;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Without its partition an event would be stored in the default partition, which would then
     * block creating the month.
     */
    @Override
    public void start() {
        ensurePartitions();
        GroupCommit starting = new GroupCommit(store);
        starting.start();
        writer = starting;
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /** Creates the partitions of this month and the next three. Called periodically. */
    public int ensurePartitions() {
        return store.ensurePartitions();
    }

    /**
     * Accepts a webhook. The body is not parsed before its signature has been verified.
     *
     * @param messageId header {@code svix-id}
     * @param timestamp header {@code svix-timestamp}
     * @param signature header {@code svix-signature}
     * @param body the raw bytes of the request
     */
    public Receipt receive(String messageId, String timestamp, String signature, byte[] body) {
        return receive(new SignedMessage(messageId, timestamp, signature, body));
    }

    /** The same, of the installation's account. */
    public Receipt receive(SignedMessage message) {
        return counted(take(secrets, message, OptionalLong.empty()));
    }

    /**
     * Accepts a webhook of an account that belongs to one workspace. Whoever has its secret can
     * sign anything, so events of other workspaces are not accepted.
     */
    public Receipt receive(WebhookSecrets ofAccount, SignedMessage message, long workspace) {
        return counted(take(ofAccount, message, OptionalLong.of(workspace)));
    }

    /**
     * A webhook as it arrived.
     *
     * @param id header {@code svix-id} or {@code webhook-id}
     * @param timestamp header {@code svix-timestamp} or {@code webhook-timestamp}
     * @param signature header {@code svix-signature} or {@code webhook-signature}
     * @param body the raw bytes of the request
     */
    public record SignedMessage(String id, String timestamp, String signature, byte[] body) {}

    /**
     * @param only the workspace whose account signed it; empty for the installation's
     */
    private Receipt take(WebhookSecrets valid, SignedMessage message, OptionalLong only) {
        String messageId = message.id();
        String timestamp = message.timestamp();
        byte[] body = message.body();
        if (!WebhookSignature.matches(valid, messageId, timestamp, message.signature(), body)) {
            return new Receipt.BadSignature();
        }
        Instant signedAt;
        try {
            signedAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
        } catch (NumberFormatException | DateTimeException invalidTime) {
            return new Receipt.BadSignature();
        }
        Duration age = Duration.between(signedAt, clock.instant());
        if (age.abs().compareTo(TOLERANCE) > 0) {
            return new Receipt.TooOld(age);
        }
        return switch (ResendWebhook.read(messageId, signedAt, body)) {
            case Reading.ParsedMailEvent(Event event) ->
                    only.isEmpty() || only.getAsLong() == event.workspaceId()
                            ? reported(event)
                            : foreign(messageId, event.type());
            case Reading.ParsedAccountEvent(Event event, EmailAddress address) ->
                    storeForAccount(event, address, only);
            case Reading.Foreign(String type) -> foreign(messageId, type);
            case Reading.Unreadable(String reason) -> new Receipt.Unreadable(reason);
        };
    }

    /**
     * Stores an event in each workspace that has the address. If some of them fail, the redelivered
     * message is a duplicate in the others.
     */
    private Receipt storeForAccount(Event event, EmailAddress address, OptionalLong only) {
        Receipt all = new Receipt.Unaddressed(event.type());
        for (long workspace : store.workspacesThatKnow(address)) {
            if (only.isPresent() && only.getAsLong() != workspace) {
                continue;
            }
            Receipt receipt = write(event.of(workspace));
            if (!receipt.settled()) {
                return receipt;
            }
            if (!(all instanceof Receipt.Stored)) {
                all = receipt;
            }
        }
        return all;
    }

    /** Measures how late the provider reports; repetitions say nothing about that. */
    private Receipt reported(Event event) {
        Receipt receipt = write(event);
        if (receipt instanceof Receipt.Stored) {
            Duration lag = Duration.between(event.occurredAt(), clock.instant());
            Timer.builder("mailgenius.events.lag")
                    .description("From an event at the provider to its commit here")
                    .serviceLevelObjectives(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(10),
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(10),
                            Duration.ofHours(1))
                    .register(meters)
                    .record(lag.isNegative() ? Duration.ZERO : lag);
        }
        return receipt;
    }

    private static Receipt foreign(String messageId, String type) {
        LOG.debug("Message {} ({}) is of no workspace and is not stored", messageId, type);
        return new Receipt.Unaddressed(type);
    }

    /** Stores an event of our own pages: an unsubscribe, a click or an open. */
    public Receipt record(Event event) {
        return counted(write(event));
    }

    /**
     * Stores an unsubscribe by the link of a mail. A repetition is a duplicate as long as the
     * address receives nothing, so that whoever has the mail cannot fill the database; whoever has
     * subscribed again since can unsubscribe by the same mail.
     */
    public Receipt unsubscribe(Event event) {
        return isRepeated(event) ? counted(new Receipt.Duplicate()) : record(event);
    }

    private boolean isRepeated(Event event) {
        try {
            return store.hasUnsubscribed(event);
        } catch (DataAccessException | TransactionException unknown) {
            // It is then accepted like the first one.
            return false;
        }
    }

    /** Stores several events; the receipts have the same order. */
    public List<Receipt> record(List<Event> events) {
        GroupCommit running = writer;
        List<Receipt> receipts =
                running == null
                        ? Collections.nCopies(events.size(), GroupCommit.BUSY)
                        : running.commit(events);
        receipts.forEach(this::counted);
        return receipts;
    }

    private Receipt write(Event event) {
        GroupCommit running = writer;
        return running == null ? GroupCommit.BUSY : running.commit(event);
    }

    private Receipt counted(Receipt receipt) {
        meters.counter("mailgenius.events.received", "outcome", word(receipt)).increment();
        return receipt;
    }

    private static String word(Receipt receipt) {
        return switch (receipt) {
            case Receipt.Stored _ -> "stored";
            case Receipt.Duplicate _ -> "duplicate";
            case Receipt.Unaddressed _ -> "unaddressed";
            case Receipt.BadSignature _ -> "bad-signature";
            case Receipt.TooOld _ -> "too-old";
            case Receipt.Unreadable _ -> "unreadable";
            case Receipt.Overloaded _ -> "overloaded";
            case Receipt.Failed _ -> "failed";
        };
    }

    /** Writes the waiting events; new ones are rejected and have to be sent again. */
    @Override
    public void stop() {
        GroupCommit stopping = writer;
        writer = null;
        if (stopping != null) {
            stopping.close();
        }
    }

    /** Lower than that of the web server, which therefore starts later and stops earlier. */
    @Override
    public int getPhase() {
        return 0;
    }
}
