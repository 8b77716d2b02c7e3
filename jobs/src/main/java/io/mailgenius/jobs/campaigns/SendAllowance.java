package io.mailgenius.jobs.campaigns;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was taken of a campaign's allowance, and which appointments were given.
 *
 * <p>A rate per minute spaces the chunks: each moves {@link #next} on by its share of a minute. A
 * chunk that comes too early gets an appointment after the last one, so it comes back once instead
 * of polling. A chunk that has started, whose mails may have been sent, keeps its share, because
 * its keys expire.
 *
 * <p>Each reservation belongs to a chunk, which keeps it as its {@link Reservation}. A chunk that
 * asks before its time (after a pause, a restart or the death of a worker) gets the same answer
 * again; only what lies in the past is reserved anew.
 *
 * @param next when the next chunk may start
 * @param line the next appointment
 * @param day the last day on which mails were sent, in the zone of the warm-up
 * @param number the number of that day, counted from 1
 * @param taken mails of that day
 * @param lineDay the day for which appointments are given
 * @param lineTaken mails with an appointment on that day
 */
record SendAllowance(
        @Nullable Instant next,
        @Nullable Instant line,
        @Nullable LocalDate day,
        int number,
        long taken,
        @Nullable LocalDate lineDay,
        long lineTaken) {

    static final SendAllowance NEW = new SendAllowance(null, null, null, 0, 0, null, 0);

    /** Sweepers and workers run chunks a little early or late. */
    static final Duration SLACK = Duration.ofSeconds(2);

    /** The answer, and the allowance after it. */
    record Turn(SendPermission permission, SendAllowance after) {}

    /**
     * @param mails of the chunk; at most {@link Timing#chunk}
     * @param zone of its recipients, for a window in each recipient's zone
     * @param before what an earlier attempt has reserved
     * @param begun whether mails of it may have been sent
     */
    Turn take(
            Timing timing,
            int mails,
            @Nullable String zone,
            Reservation before,
            boolean begun,
            Instant now) {
        Instant reserved = before.at() == null ? before.appointment() : before.at();
        if (reserved != null && isToCome(reserved, now)) {
            String reason = "it has an appointment";
            return new Turn(new SendPermission.Wait(reserved, before, reason), this);
        }
        WarmUp warmUp = timing.warmUp();
        LocalDate today = warmUp == null ? null : now.atZone(warmUp.days()).toLocalDate();
        SendAllowance sendAllowance =
                begun ? this : without(timing, mails, before.passed(now, SLACK, today));
        LocalDate had = before.day();
        LocalDate of = today;
        if (warmUp != null && today != null) {
            if (had != null && (begun || had.equals(today))) {
                of = had;
            } else if (sendAllowance.room(warmUp, today) < mails) {
                return sendAllowance.anotherDay(warmUp, mails, today);
            } else {
                had = null;
            }
        }
        Integer rate = timing.ratePerMinute();
        if (rate == null) {
            return new Turn(
                    new SendPermission.Granted(new Reservation(null, of)),
                    sendAllowance.on(had, today, mails));
        }
        Duration share = share(rate, timing.chunk(rate), mails);
        Instant kept = before.at();
        if (kept != null && isNear(kept, now)) {
            return new Turn(
                    new SendPermission.Granted(new Reservation(kept, of)),
                    sendAllowance.on(had, today, mails));
        }
        Instant free = sendAllowance.next == null ? now : sendAllowance.next;
        if (!isToCome(free, now)) {
            Instant at = later(free, now);
            return new Turn(
                    new SendPermission.Granted(new Reservation(at, of)),
                    sendAllowance.on(had, today, mails).next(at.plus(share)));
        }
        String reason = "it keeps to %d mails a minute".formatted(rate);
        if (begun) {
            return new Turn(
                    new SendPermission.Wait(free, new Reservation(free, of), reason),
                    sendAllowance.on(had, today, mails).next(free.plus(share)));
        }
        // Nothing of the day is taken for it from here on, unless an earlier attempt did.
        if (before.appointment() != null && !free.isAfter(now.plus(share))) {
            // It is on time and a late chunk came before it: at the end of the line it would leave
            // a gap.
            return new Turn(
                    new SendPermission.Wait(free, new Reservation(free, had), reason),
                    sendAllowance.next(free.plus(share)));
        }
        return sendAllowance.appointment(timing.window(), zone, free, had, share, reason);
    }

    /**
     * After the last appointment, within the hours of the window, since a chunk could not keep any
     * other appointment.
     */
    private Turn appointment(
            @Nullable SendWindow window,
            @Nullable String zone,
            Instant free,
            @Nullable LocalDate had,
            Duration share,
            String reason) {
        Instant moment = line == null ? free : later(line, free);
        Instant open = window == null ? moment : window.opens(moment, zone);
        if (window != null && window.eachTheirOwn() && open.isAfter(moment)) {
            // The windows of other chunks may open earlier, so the line does not move on.
            return new Turn(
                    new SendPermission.Wait(
                            open, new Reservation(null, had), "outside of its window"),
                    this);
        }
        return new Turn(
                new SendPermission.Wait(open, new Reservation(null, had, open), reason),
                line(open.plus(share)));
    }

    /**
     * Takes a reservation back. Later reservations stay where they are: the share of a minute is
     * given back if it is the last one, the mails of a day if no other day has started. A day of
     * which nothing is left does not count as one on which mails were sent.
     */
    SendAllowance without(Timing timing, int mails, Reservation reservation) {
        SendAllowance sendAllowance = this;
        Integer rate = timing.ratePerMinute();
        Instant at = reservation.at();
        if (rate != null
                && at != null
                && at.plus(share(rate, timing.chunk(rate), mails)).equals(next)) {
            sendAllowance = sendAllowance.next(at);
        }
        if (reservation.day() != null && reservation.day().equals(day)) {
            long left = taken - mails;
            sendAllowance =
                    left > 0
                            ? new SendAllowance(
                                    sendAllowance.next, line, day, number, left, lineDay, lineTaken)
                            : new SendAllowance(
                                    sendAllowance.next,
                                    line,
                                    null,
                                    number - 1,
                                    0,
                                    lineDay,
                                    lineTaken);
        }
        return sendAllowance;
    }

    /**
     * How long a chunk occupies the rate. Between two chunks that start within a minute of each
     * other there may be a minute and the slack of both, and all mails of the last one count.
     */
    private static Duration share(int rate, int largest, int mails) {
        long window = Duration.ofMinutes(1).plus(SLACK).plus(SLACK).toNanos();
        // In whole microseconds and one more, since the database rounds to microseconds.
        return Duration.of(
                Math.ceilDiv(window * mails, (rate - largest + 1) * 1_000L) + 1, ChronoUnit.MICROS);
    }

    private static boolean isToCome(Instant moment, Instant now) {
        return moment.isAfter(now.plus(SLACK));
    }

    private static boolean isNear(Instant kept, Instant now) {
        return !now.isBefore(kept.minus(SLACK)) && !now.isAfter(kept.plus(SLACK));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** How many more mails may be sent that day. */
    long room(WarmUp warmUp, LocalDate today) {
        return today.equals(day) ? warmUp.allowance(number) - taken : warmUp.allowance(number + 1);
    }

    /**
     * @param had the day of which it has taken before
     */
    private SendAllowance on(@Nullable LocalDate had, @Nullable LocalDate today, int mails) {
        if (had != null || today == null) {
            return this;
        }
        return today.equals(day)
                ? new SendAllowance(next, line, day, number, taken + mails, lineDay, lineTaken)
                : new SendAllowance(next, line, today, number + 1, mails, lineDay, lineTaken);
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
        Instant appointment = come.atStartOfDay(warmUp.days()).toInstant();
        return new Turn(
                new SendPermission.Wait(
                        appointment, new Reservation(null, null, appointment), reason),
                new SendAllowance(next, line, day, number, taken, come, told + mails));
    }

    private SendAllowance next(Instant moment) {
        return new SendAllowance(moment, line, day, number, taken, lineDay, lineTaken);
    }

    private SendAllowance line(Instant moment) {
        return new SendAllowance(next, moment, day, number, taken, lineDay, lineTaken);
    }
}
