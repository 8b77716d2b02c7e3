package io.mailgenius.jobs.campaigns;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What has been taken of a campaign's allowance, and what has been promised to those who wait.
 *
 * <p>A rate per minute spaces the chunks: each moves {@link #next} on by its share of a minute. A
 * chunk that comes too early gets an appointment behind the last one, and so comes back once
 * instead of asking again and again. Nothing is kept for it by that; but a chunk that has begun,
 * whose mails perhaps went out, has its share kept, since its keys do not live for ever.
 *
 * @param next from when on the next chunk may begin
 * @param line the next appointment
 * @param day the last day on which mails went out, in the zone of the warm-up
 * @param number the how manieth such day
 * @param taken mails of that day
 * @param lineDay the day that is given out as an appointment
 * @param lineTaken mails that have been told to come on it
 */
record Pace(
        @Nullable Instant next,
        @Nullable Instant line,
        @Nullable LocalDate day,
        int number,
        long taken,
        @Nullable LocalDate lineDay,
        long lineTaken) {

    static final Pace NEW = new Pace(null, null, null, 0, 0, null, 0);

    /** Chunks come a little early or late, as sweepers and workers find the time. */
    static final Duration SLACK = Duration.ofSeconds(2);

    /** What comes of a question: the answer, and what is to be remembered. */
    record Turn(Permission permission, Pace after) {}

    /**
     * @param mails of the chunk; at most what {@link Timing#chunk} says
     * @param before what an earlier attempt has taken
     * @param begun whether mails of it may have gone out
     */
    Turn take(Timing timing, int mails, @Nullable Permit before, boolean begun, Instant now) {
        Pace pace = this;
        LocalDate today = null;
        WarmUp warmUp = timing.warmUp();
        if (warmUp != null) {
            today = now.atZone(warmUp.days()).toLocalDate();
            LocalDate had = before == null ? null : before.day();
            if (had != null && (begun || had.equals(today))) {
                today = had;
            } else if (pace.room(warmUp, today) < mails) {
                return pace.anotherDay(warmUp, mails, today);
            } else {
                pace = pace.on(today, mails);
            }
        }
        Integer rate = timing.ratePerMinute();
        if (rate == null) {
            return new Turn(new Permission.Granted(new Permit(null, today)), pace);
        }
        Duration share = share(rate, timing.chunk(rate), mails);
        Instant kept = before == null ? null : before.at();
        if (kept != null && isNear(kept, now)) {
            return new Turn(new Permission.Granted(new Permit(kept, today)), pace);
        }
        Instant free = next == null ? now : next;
        String reason = "it keeps to %d mails a minute".formatted(rate);
        if (!free.isAfter(now.plus(SLACK))) {
            Instant at = later(free, now);
            return new Turn(
                    new Permission.Granted(new Permit(at, today)), pace.next(at.plus(share)));
        }
        if (begun) {
            return new Turn(
                    new Permission.Wait(free, new Permit(free, today), reason),
                    pace.next(free.plus(share)));
        }
        Instant appointment = line == null ? free : later(line, free);
        // Nothing of the day is taken for it yet.
        return new Turn(
                new Permission.Wait(appointment, null, reason), line(appointment.plus(share)));
    }

    /**
     * In which time a chunk's mails are not too many. Between two that begin within a minute of
     * each other there may be a minute and the slack of both; and of the last one all mails count.
     */
    private static Duration share(int rate, int largest, int mails) {
        long window = Duration.ofMinutes(1).plus(SLACK).plus(SLACK).toNanos();
        // In whole microseconds and one more, since the database rounds to them.
        return Duration.of(
                Math.ceilDiv(window * mails, (rate - largest + 1) * 1_000L) + 1, ChronoUnit.MICROS);
    }

    private static boolean isNear(Instant kept, Instant now) {
        return !now.isBefore(kept.minus(SLACK)) && !now.isAfter(kept.plus(SLACK));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** How many mails more may go out that day. */
    long room(WarmUp warmUp, LocalDate today) {
        return today.equals(day) ? warmUp.allowance(number) - taken : warmUp.allowance(number + 1);
    }

    private Pace on(LocalDate today, int mails) {
        return today.equals(day)
                ? new Pace(next, line, day, number, taken + mails, lineDay, lineTaken)
                : new Pace(next, line, today, number + 1, mails, lineDay, lineTaken);
    }

    private Turn anotherDay(WarmUp warmUp, int mails, LocalDate today) {
        LocalDate tomorrow = today.plusDays(1);
        LocalDate come = tomorrow;
        long told = 0;
        if (lineDay != null && !lineDay.isBefore(tomorrow)) {
            come = lineDay;
            told = lineTaken;
        }
        int days = (int) ChronoUnit.DAYS.between(today, come);
        if (told + mails > warmUp.allowance(number + days)) {
            come = come.plusDays(1);
            told = 0;
        }
        String reason =
                "day %d of its warm-up has had its %d mails"
                        .formatted(number, warmUp.allowance(number));
        return new Turn(
                new Permission.Wait(come.atStartOfDay(warmUp.days()).toInstant(), null, reason),
                new Pace(next, line, day, number, taken, come, told + mails));
    }

    private Pace next(Instant moment) {
        return new Pace(moment, line, day, number, taken, lineDay, lineTaken);
    }

    private Pace line(Instant moment) {
        return new Pace(next, moment, day, number, taken, lineDay, lineTaken);
    }
}
