package io.mailgenius.jobs.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks come when they were told to, some late, some again; what begins is counted. */
class SendAllowanceTest {

    private static final Instant START = Instant.parse("2030-03-29T10:00:00Z");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Begun> begun = new ArrayList<>();
    private SendAllowance sendAllowance = SendAllowance.NEW;
    private int visits;

    private record Begun(Instant at, int mails) {}

    private record Visit(Instant at, int mails, Reservation permit, boolean again) {}

    @BeforeEach
    void sayWhich() {
        System.out.println("PaceTest: repeat with -Dseed=" + seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 60, 1_000, 30_000, 500_000})
    void no_minute_has_more_than_its_rate_and_few_have_much_less(int rate) {
        int mails = work(new Timing(null, null, rate, null, null), 600, 0, false);
        assertNoMinuteHasMoreThan(rate);
        Duration took = Duration.between(START, begun.getLast().at());
        assertThat(mails / (took.toMillis() / 60_000.0))
                .as("seed %d: mails a minute", seed)
                .isGreaterThan(0.85 * rate);
        assertThat(visits).as("seed %d: for 600 chunks", seed).isLessThan(3 * 600);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    void also_not_when_chunks_come_again_and_again(int rate) {
        work(new Timing(null, null, rate, null, null), 400, 0.4, false);
        assertNoMinuteHasMoreThan(rate);
    }

    /** As after a pause: all who were told to come in that hour come at once. */
    @Test
    void also_not_when_all_come_late() {
        work(new Timing(null, null, 100, null, null), 1_000, 0, true);
        assertNoMinuteHasMoreThan(100);
        assertThat(visits).as("seed %d: for 1,000 chunks", seed).isLessThan(4_000);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1.5, Europe/Berlin", "40, 1, Pacific/Apia", "1, 2, UTC", "300, 3, UTC"})
    void no_day_has_more_than_its_allowance_and_it_grows(int first, double growth, String zone) {
        WarmUp warmUp = new WarmUp(first, growth, zone);
        work(new Timing(null, null, null, warmUp, null), 800, 0, false);

        Map<LocalDate, Long> days = new TreeMap<>();
        begun.forEach(
                it ->
                        days.merge(
                                it.at().atZone(warmUp.days()).toLocalDate(),
                                (long) it.mails(),
                                Long::sum));
        assertThat(days).hasSizeGreaterThan(3);
        LocalDate day = days.keySet().iterator().next();
        for (int n = 1; n <= days.size(); n++, day = day.plusDays(1)) {
            long allowance = warmUp.allowance(n);
            assertThat(days.get(day))
                    .as("seed %d: day %d of %s", seed, n, days)
                    .isNotNull()
                    .isLessThanOrEqualTo(allowance)
                    .isGreaterThan(n == days.size() ? 0 : (long) (0.9 * allowance) - 1);
        }
        assertThat(visits).as("seed %d: for 800 chunks", seed).isLessThan(3 * 800);
    }

    @Test
    void a_chunk_that_is_tried_again_does_not_take_twice() {
        Timing timing = new Timing(null, null, 1_000, new WarmUp(100, 1, null), null);
        Reservation reservation = granted(4, timing, Reservation.NONE, false, START);
        SendAllowance after = sendAllowance;
        assertThat(granted(4, timing, reservation, false, START.plusSeconds(1)))
                .isEqualTo(reservation);
        assertThat(granted(4, timing, reservation, true, START.plusSeconds(1)))
                .isEqualTo(reservation);
        assertThat(sendAllowance).isEqualTo(after);

        // Later it takes its share of that minute, but of the day it had.
        Instant tomorrow = START.plus(Duration.ofDays(1));
        assertThat(granted(4, timing, reservation, true, tomorrow).day())
                .isEqualTo(reservation.day());
        assertThat(sendAllowance.taken()).isEqualTo(4);
        assertThat(sendAllowance.number()).isEqualTo(1);
        // What had not begun by then takes of the new day.
        granted(4, timing, Reservation.NONE, false, tomorrow.plusSeconds(60));
        assertThat(sendAllowance.number()).isEqualTo(2);
    }

    /**
     * @param minutes of each pause; 0 for one that is taken back at once
     */
    @ParameterizedTest
    @CsvSource({"60, 0", "60, 3", "60, 60", "7, 0", "7, 2", "1000, 0", "1000, 3", "1, 0", "1, 5"})
    void pauses_cost_as_long_as_they_last(int rate, int minutes) {
        Timing timing = new Timing(null, null, rate, null, null);
        int chunks = 200;
        Duration usual = lasts(timing, chunks, 0, Duration.ZERO);
        begun.clear();
        sendAllowance = SendAllowance.NEW;

        int pauses = 5;
        Duration pause = Duration.ofMinutes(minutes);
        Duration paused = lasts(timing, chunks, pauses, pause);

        Duration share = usual.dividedBy(chunks - 1);
        assertThat(paused.minus(pause.multipliedBy(pauses)))
                .as("seed %d: without its pauses, of usually %s", seed, usual)
                .isLessThan(usual.plus(share.plusSeconds(3).multipliedBy(pauses)));
        assertNoMinuteHasMoreThan(rate);
    }

    /** All come when they were told to, and all come at the end of each pause. */
    private Duration lasts(Timing timing, int chunks, int pauses, Duration pause) {
        int mails = timing.chunk(1_000);
        List<Visit> waiting = new ArrayList<>();
        for (int n = 0; n < chunks; n++) {
            waiting.add(new Visit(START.plusMillis(n), mails, Reservation.NONE, false));
        }
        int left = pauses;
        while (!waiting.isEmpty()) {
            Visit first = waiting.stream().min(Comparator.comparing(Visit::at)).orElseThrow();
            waiting.remove(first);
            SendAllowance.Turn turn =
                    sendAllowance.take(timing, mails, null, first.permit(), false, first.at());
            sendAllowance = turn.after();
            switch (turn.permission()) {
                case SendPermission.Granted _ -> {
                    begun.add(new Begun(first.at(), mails));
                    if (left > 0 && begun.size() % 10 == 0) {
                        left--;
                        Instant resumed = first.at().plusMillis(100).plus(pause);
                        waiting.replaceAll(
                                it -> new Visit(resumed, it.mails(), it.permit(), it.again()));
                        Collections.shuffle(waiting, random);
                    }
                }
                case SendPermission.Wait(Instant until, Reservation reservation, String _) ->
                        waiting.add(
                                new Visit(
                                        until.plusMillis(random.nextInt(1_200)),
                                        mails,
                                        reservation,
                                        false));
            }
        }
        return Duration.between(START, begun.getLast().at());
    }

    @Test
    void who_asks_before_its_time_is_told_the_same_again() {
        Timing timing = new Timing(null, null, 60, null, null);
        granted(2, timing, Reservation.NONE, false, START);
        SendPermission.Wait first = waits(2, timing, Reservation.NONE, false, START);
        SendPermission.Wait second = waits(2, timing, Reservation.NONE, false, START);
        assertThat(second.until()).isAfter(first.until());
        SendAllowance after = sendAllowance;
        for (int n = 0; n < 3; n++) {
            assertThat(waits(2, timing, second.permit(), false, START).until())
                    .isEqualTo(second.until());
        }
        assertThat(sendAllowance).isEqualTo(after);
        // So is one that has begun, for which a share of a minute is kept.
        SendPermission.Wait begun =
                waits(2, timing, new Reservation(START.minusSeconds(60), null), true, START);
        after = sendAllowance;
        assertThat(waits(2, timing, begun.permit(), true, START).until()).isEqualTo(begun.until());
        assertThat(sendAllowance).isEqualTo(after);
    }

    @Test
    void a_day_that_was_promised_is_promised_once() {
        Timing timing = new Timing(null, null, null, new WarmUp(100, 1, null), null);
        granted(100, timing, Reservation.NONE, false, START);
        SendPermission.Wait told = waits(60, timing, Reservation.NONE, false, START);
        SendAllowance after = sendAllowance;
        for (int n = 0; n < 3; n++) {
            assertThat(waits(60, timing, told.permit(), false, START).until())
                    .isEqualTo(told.until());
        }
        assertThat(sendAllowance).isEqualTo(after);
    }

    @Test
    void a_share_that_a_dead_worker_did_not_use_is_taken_by_who_comes_after_it() {
        Timing timing = new Timing(null, null, 1, null, null);
        Reservation dead = granted(1, timing, Reservation.NONE, false, START);
        granted(1, timing, dead, false, START.plusSeconds(20));
        assertThat(sendAllowance.next()).isEqualTo(START.plusSeconds(20 + 64).plusNanos(1_000));
        // If mails of it perhaps went out, they count.
        sendAllowance = SendAllowance.NEW;
        dead = granted(1, timing, Reservation.NONE, false, START);
        waits(1, timing, dead, true, START.plusSeconds(20));
    }

    @Test
    void what_was_given_back_is_there_for_others_and_a_day_on_which_nothing_went_out_is_none() {
        Timing timing = new Timing(null, null, 1_000, new WarmUp(100, 2, null), null);
        Reservation one = granted(4, timing, Reservation.NONE, false, START);
        Reservation other = granted(4, timing, Reservation.NONE, false, START.plusSeconds(10));
        sendAllowance = sendAllowance.without(timing, 4, other);
        assertThat(sendAllowance.taken()).isEqualTo(4);
        assertThat(sendAllowance.next()).isEqualTo(other.at());
        sendAllowance = sendAllowance.without(timing, 4, one);
        assertThat(
                        sendAllowance.room(
                                Objects.requireNonNull(timing.warmUp()), LocalDate.of(2030, 3, 29)))
                .isEqualTo(100);
        granted(4, timing, Reservation.NONE, false, START.plus(Duration.ofDays(1)));
        assertThat(sendAllowance.number()).isEqualTo(1);
    }

    @Test
    void a_share_that_somebody_took_after_it_is_not_given_back() {
        Timing timing = new Timing(null, null, 60, null, null);
        Reservation one = granted(2, timing, Reservation.NONE, false, START);
        granted(2, timing, Reservation.NONE, false, START.plusSeconds(10));
        SendAllowance after = sendAllowance;
        assertThat(sendAllowance.without(timing, 2, one)).isEqualTo(after);
        sendAllowance = sendAllowance.without(timing, 2, Reservation.NONE);
        assertThat(sendAllowance).isEqualTo(after);
    }

    @Test
    void an_appointment_lies_in_the_hours_of_its_window() {
        SendWindow window = new SendWindow(LocalTime.of(9, 0), LocalTime.of(10, 1), null, "UTC");
        Timing timing = new Timing(null, window, 1, null, null);
        granted(1, timing, Reservation.NONE, false, START);
        Instant opens = Instant.parse("2030-03-30T09:00:00Z");
        assertThat(waits(1, timing, Reservation.NONE, false, START).until()).isEqualTo(opens);
        assertThat(waits(1, timing, Reservation.NONE, false, START).until())
                .isEqualTo(opens.plusSeconds(64).plusNanos(1_000));
    }

    @Test
    void who_could_not_keep_an_appointment_keeps_nobody_of_another_zone_waiting() {
        SendWindow window =
                new SendWindow(LocalTime.of(8, 0), LocalTime.of(19, 1), null, "recipient");
        Timing timing = new Timing(null, window, 1, null, null);
        granted(1, timing, Reservation.NONE, false, START);
        SendPermission.Wait tokyo = null;
        for (int n = 0; n < 50; n++) {
            tokyo = waits(1, timing, Reservation.NONE, false, START, "Asia/Tokyo");
        }
        assertThat(Objects.requireNonNull(tokyo).until())
                .isEqualTo(Instant.parse("2030-03-29T23:00:00Z"));
        assertThat(waits(1, timing, Reservation.NONE, false, START, "Europe/London").until())
                .isEqualTo(START.plusSeconds(64).plusNanos(1_000));
    }

    private SendPermission.Wait waits(
            int mails, Timing timing, Reservation before, boolean again, Instant now) {
        return waits(mails, timing, before, again, now, null);
    }

    private SendPermission.Wait waits(
            int mails,
            Timing timing,
            Reservation before,
            boolean again,
            Instant now,
            @Nullable String zone) {
        SendAllowance.Turn turn = sendAllowance.take(timing, mails, zone, before, again, now);
        sendAllowance = turn.after();
        assertThat(turn.permission()).isInstanceOf(SendPermission.Wait.class);
        return (SendPermission.Wait) turn.permission();
    }

    @Test
    void a_day_without_mails_does_not_let_it_grow() {
        Timing timing = new Timing(null, null, null, new WarmUp(100, 2, null), null);
        granted(4, timing, Reservation.NONE, false, START);
        granted(4, timing, Reservation.NONE, false, START.plus(Duration.ofDays(9)));
        assertThat(sendAllowance.number()).isEqualTo(2);
    }

    private Reservation granted(
            int mails, Timing timing, Reservation before, boolean again, Instant now) {
        SendAllowance.Turn turn = sendAllowance.take(timing, mails, null, before, again, now);
        sendAllowance = turn.after();
        assertThat(turn.permission()).isInstanceOf(SendPermission.Granted.class);
        return ((SendPermission.Granted) turn.permission()).permit();
    }

    /**
     * @param again how many of those that begin come again within minutes
     * @param paused nobody comes in the third quarter of an hour; who should have, comes after it
     * @return all their mails
     */
    private int work(Timing timing, int chunks, double again, boolean paused) {
        PriorityQueue<Visit> coming = new PriorityQueue<>(Comparator.comparing(Visit::at));
        int largest = timing.chunk(1_000);
        int all = 0;
        for (int n = 0; n < chunks; n++) {
            int mails = random.nextInt(5) == 0 ? 1 + random.nextInt(largest) : largest;
            all += mails;
            coming.add(new Visit(START.plusMillis(n), mails, Reservation.NONE, false));
        }
        while (!coming.isEmpty()) {
            Visit visit = coming.poll();
            Instant now = visit.at();
            if (paused && isIn(now, 2)) {
                coming.add(
                        new Visit(
                                START.plus(Duration.ofMinutes(45)).plusMillis(coming.size()),
                                visit.mails(),
                                visit.permit(),
                                visit.again()));
                continue;
            }
            visits++;
            SendAllowance.Turn turn =
                    sendAllowance.take(
                            timing, visit.mails(), null, visit.permit(), visit.again(), now);
            sendAllowance = turn.after();
            switch (turn.permission()) {
                case SendPermission.Granted(Reservation reservation) -> {
                    if (!reservation.equals(visit.permit()) || reservation.at() == null) {
                        // Under the permit it had, the provider knows the same mails again.
                        begun.add(new Begun(now, visit.mails()));
                    }
                    if (random.nextDouble() < again) {
                        Instant later = now.plusMillis(random.nextInt(90_000));
                        coming.add(new Visit(later, visit.mails(), reservation, true));
                    }
                }
                case SendPermission.Wait(Instant until, Reservation reservation, String _) -> {
                    assertThat(until).isAfter(now);
                    // Sweepers look once a second.
                    Instant then = until.plusMillis(random.nextInt(1_200));
                    coming.add(new Visit(then, visit.mails(), reservation, visit.again()));
                }
            }
        }
        return all;
    }

    private static boolean isIn(Instant now, int quarter) {
        return Duration.between(START, now).toMinutes() / 15 == quarter;
    }

    private void assertNoMinuteHasMoreThan(int rate) {
        int from = 0;
        long sum = 0;
        for (Begun last : begun) {
            sum += last.mails();
            while (!begun.get(from).at().plusSeconds(60).isAfter(last.at())) {
                sum -= begun.get(from++).mails();
            }
            assertThat(sum)
                    .as("seed %d: mails in the minute before %s", seed, last.at())
                    .isLessThanOrEqualTo(rate);
        }
    }
}
