package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a chunk has reserved of its campaign's allowance, stored with the chunk. A later attempt,
 * after a pause or the death of its worker, gets the same and takes nothing twice.
 *
 * @param at about when it may start, if there is a rate per minute
 * @param day the day of whose allowance it has taken, if there is a warm-up
 * @param appointment when it should ask again; nothing else is reserved in this case
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reservation(
        @Nullable Instant at, @Nullable LocalDate day, @Nullable Instant appointment) {

    /** No reservation. */
    public static final Reservation NONE = new Reservation(null, null, null);

    Reservation(@Nullable Instant at, @Nullable LocalDate day) {
        this(at, day, null);
    }

    /** The part that can be given back at this moment if it was not used. */
    Reservation passed(Instant now, Duration slack, @Nullable LocalDate today) {
        return new Reservation(
                at == null || at.plus(slack).isBefore(now) ? at : null,
                day == null || day.equals(today) ? null : day);
    }
}
