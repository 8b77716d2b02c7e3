package io.mailgenius.jobs.endpoints;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.DeliveryStatus;
import io.mailgenius.schema.EndpointStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The endpoints of a workspace, and the messages to them. */
@Component
@Transactional
public class Endpoints {

    private static final int MOST = 50;
    private static final int MOST_HOURS = 168;
    private static final int REPLAYED = 100_000;
    private static final Instant ALWAYS = Instant.parse("2000-01-01T00:00:00Z");

    private final EndpointStore endpoints;
    private final DeliveryStore deliveries;
    private final SigningSecrets secrets;
    private final EndpointCheck check;
    private final Clock clock;

    Endpoints(
            EndpointStore endpoints,
            DeliveryStore deliveries,
            SigningSecrets secrets,
            ReceiverAddresses addresses,
            Clock clock) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.secrets = secrets;
        this.check = new EndpointCheck(addresses);
        this.clock = clock;
    }

    /**
     * @throws Refusal.Invalid {@code endpoint-url-invalid}, {@code endpoint-events-invalid}
     * @throws Refusal.Conflict {@code too-many-endpoints}
     */
    public NewEndpoint create(EndpointDraft draft) {
        if (endpoints.count() >= MOST) {
            throw new Refusal.Conflict(
                    "too-many-endpoints",
                    "A workspace has at most %d endpoints: delete one first.".formatted(MOST));
        }
        EndpointView created =
                endpoints.insert(
                        new EndpointStore.Settings(
                                check.url(draft.url()),
                                EndpointCheck.description(draft.description()),
                                check.events(draft.events()),
                                Boolean.TRUE.equals(draft.ordered()),
                                EndpointStatus.ENABLED),
                        clock.instant());
        return new NewEndpoint(created, secrets.add(created.id(), clock.instant()));
    }

    @AutocommitRead
    public EndpointView find(long id) {
        return endpoints.find(id).orElseThrow(() -> new Refusal.NotFound("endpoint", id));
    }

    @AutocommitRead
    public Page<EndpointView> page(long after, int limit) {
        return Page.of(endpoints.page(after, Page.rows(limit)), limit, EndpointView::id);
    }

    /** Messages that are queued already are delivered to the new address. */
    public EndpointView update(long id, EndpointChange change) {
        EndpointView before =
                endpoints.find(id).orElseThrow(() -> new Refusal.NotFound("endpoint", id));
        EndpointStatus status = Objects.requireNonNullElse(change.status(), before.status());
        return endpoints
                .update(
                        id,
                        new EndpointStore.Settings(
                                change.url() == null ? before.url() : check.url(change.url()),
                                change.description() == null
                                        ? before.description()
                                        : EndpointCheck.description(change.description()),
                                change.events() == null
                                        ? before.events()
                                        : check.events(change.events()),
                                Objects.requireNonNullElse(change.ordered(), before.ordered()),
                                status),
                        change.status() == EndpointStatus.ENABLED,
                        clock.instant())
                .orElseThrow(() -> new Refusal.NotFound("endpoint", id));
    }

    /** With its secrets; its messages are removed some time later. */
    public void delete(long id) {
        if (!endpoints.delete(id)) {
            throw new Refusal.NotFound("endpoint", id);
        }
    }

    /**
     * Adds a secret. Messages are signed with all of them until the others expire.
     *
     * @param hours until then; 0 to {@value #MOST_HOURS}
     */
    public NewSecret rotate(long id, int hours) {
        if (hours < 0 || hours > MOST_HOURS) {
            throw new Refusal.Invalid(
                    "secret-overlap-invalid",
                    "othersExpireInHours is a number from 0 to %d.".formatted(MOST_HOURS));
        }
        find(id);
        Instant now = clock.instant();
        if (hours > 0 && secrets.of(id, now).size() >= SigningSecrets.MOST) {
            throw new Refusal.Conflict(
                    "too-many-secrets",
                    "An endpoint has at most %d secrets at a time: wait until one has expired, or let the others expire at once."
                            .formatted(SigningSecrets.MOST));
        }
        Instant expire = now.plus(Duration.ofHours(hours));
        secrets.expire(id, expire, now);
        return new NewSecret(secrets.add(id, now), expire);
    }

    /** Queues a message of type {@code endpoint.test}, whatever types the endpoint wants. */
    public DeliveryView test(long id) {
        EndpointView endpoint =
                endpoints.find(id).orElseThrow(() -> new Refusal.NotFound("endpoint", id));
        if (endpoint.status() == EndpointStatus.DISABLED) {
            throw new Refusal.Conflict(
                    "endpoint-disabled", "The endpoint is switched off: enable it first.");
        }
        long delivery = deliveries.test(id, clock.instant());
        return deliveries.find(id, delivery).orElseThrow();
    }

    /**
     * Delivers messages again, also those that were delivered, under the same {@code webhook-id}.
     */
    public Replay.Replayed replay(long id, Replay replay) {
        find(id);
        boolean failed = Boolean.TRUE.equals(replay.failed());
        if (!failed && (replay.from() == null || replay.to() == null)) {
            throw new Refusal.Invalid(
                    "replay-without-range",
                    "Give from and to, or failed for all messages whose attempts have failed.");
        }
        Instant now = clock.instant();
        int replayed =
                deliveries.replay(
                        id,
                        bounded(replay.from(), ALWAYS, now),
                        bounded(replay.to(), now.plus(Duration.ofDays(1)), now),
                        failed,
                        now,
                        REPLAYED);
        return new Replay.Replayed(replayed, replayed == REPLAYED);
    }

    /** A time that the database can store. */
    private static Instant bounded(@Nullable Instant given, Instant usual, Instant now) {
        if (given == null) {
            return usual;
        }
        Instant latest = now.plus(Duration.ofDays(1));
        return given.isBefore(ALWAYS) ? ALWAYS : given.isAfter(latest) ? latest : given;
    }

    /** The newest first. */
    @AutocommitRead
    public Page<DeliveryView> deliveries(
            long id, @Nullable DeliveryStatus status, long after, int limit) {
        find(id);
        return Page.of(
                deliveries.page(id, status, after, Page.rows(limit)), limit, DeliveryView::id);
    }

    /** One message with its attempts. */
    @AutocommitRead
    public DeliveryView delivery(long id, long delivery) {
        return deliveries
                .find(id, delivery)
                .orElseThrow(() -> new Refusal.NotFound("delivery", delivery));
    }
}
