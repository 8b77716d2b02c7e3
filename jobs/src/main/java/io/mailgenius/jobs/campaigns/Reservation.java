package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a chunk has reserved of its campaign's allowance; to be kept with the chunk. A chunk that
 * asks again, after a pause or the death of its worker, so gets what it has reserved and takes
 * nothing twice.
 *
 * @param at about when it may begin, if there is a rate per minute
 * @param day of whose allowance it has taken, if there is a warm-up
 * @param appointment when it was told to ask again; nothing else is reserved for it then
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reservation(
        @Nullable Instant at, @Nullable LocalDate day, @Nullable Instant appointment) {

    /** Of a chunk that has reserved nothing. */
    public static final Reservation NONE = new Reservation(null, null, null);

    Reservation(@Nullable Instant at, @Nullable LocalDate day) {
        this(at, day, null);
    }

    /** What of it, at a moment, can be given back if it was not used. */
    Reservation passed(Instant now, Duration slack, @Nullable LocalDate today) {
        return new Reservation(
                at == null || at.plus(slack).isBefore(now) ? at : null,
                day == null || day.equals(today) ? null : day);
    }
}
