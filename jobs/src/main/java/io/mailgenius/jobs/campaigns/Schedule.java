package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a campaign is sent: at an instant, at a local time in a zone, or at a local time of each
 * recipient. A local time that is skipped, as in spring, is moved by as much as the clocks are; of
 * one that occurs twice, as in autumn, the first is meant.
 *
 * @param at an instant with its offset, or a date and time of day without one
 * @param zone the zone of a local {@code at}; with {@code perRecipient}, for recipients without a
 *     zone of their own
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Schedule(String at, @Nullable String zone, @Nullable Boolean perRecipient) {

    /**
     * @throws Refusal.Invalid if it cannot be read, or its fields contradict each other
     */
    void require() {
        if (zone != null) {
            TimeZones.named(zone);
        }
        if (isLocal() == (zone == null)) {
            throw unclear();
        }
        if (eachTheirOwn() && !isLocal()) {
            throw unclear();
        }
    }

    public boolean eachTheirOwn() {
        return Boolean.TRUE.equals(perRecipient);
    }

    private boolean isLocal() {
        try {
            OffsetDateTime.parse(at);
            return false;
        } catch (DateTimeException noOffset) {
            local();
            return true;
        }
    }

    private LocalDateTime local() {
        try {
            return LocalDateTime.parse(at);
        } catch (DateTimeException e) {
            throw unclear();
        }
    }

    private static Refusal unclear() {
        return new Refusal.Invalid(
                "campaign-schedule-unclear",
                "Name a moment as {\"at\": \"2030-01-31T09:00:00Z\"}, or a local time as {\"at\":"
                        + " \"2030-01-31T09:00\", \"zone\": \"Europe/Berlin\"}, with"
                        + " \"perRecipient\": true if it is meant in the zone of each recipient.");
    }

    /** The moment in the schedule's zone. */
    Instant moment() {
        return zone == null ? OffsetDateTime.parse(at).toInstant() : in(ZoneId.of(zone));
    }

    /** The moment of the local time in this zone. */
    Instant in(ZoneId other) {
        return LocalDateTime.parse(at).atZone(other).toInstant();
    }

    /**
     * When a recipient is due.
     *
     * @param theirs the zone of the contact, readable or not
     */
    public Instant momentFor(@Nullable String theirs) {
        return TimeZones.readable(theirs).map(this::in).orElseGet(this::moment);
    }

    /**
     * When the first recipient is due.
     *
     * @param zones the zones of the contacts, if they matter
     * @throws Refusal.Invalid if that moment has passed
     */
    Instant due(Instant now, Supplier<List<String>> zones) {
        Instant due = eachTheirOwn() ? first(zones.get()) : moment();
        if (!due.isAfter(now)) {
            throw new Refusal.Invalid(
                    "campaign-scheduled-in-the-past",
                    eachTheirOwn()
                            ? "Where your contacts are it was %s first at %s, which is past: name a later time."
                                    .formatted(at, due)
                            : "%s is past: name a moment to come, or send the campaign now."
                                    .formatted(due));
        }
        return due;
    }

    /** The first moment for recipients in these zones, and for recipients without a zone. */
    Instant first(Collection<String> zones) {
        return Stream.concat(Stream.of(moment()), zones.stream().map(this::momentFor))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}
