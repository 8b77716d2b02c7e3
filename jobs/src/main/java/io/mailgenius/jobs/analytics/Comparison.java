package io.mailgenius.jobs.analytics;

import io.mailgenius.jobs.events.EventType;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Campaigns side by side, each compared with the first.
 *
 * @param current whether all received events of all of them are counted
 */
public record Comparison(boolean current, List<Compared> campaigns) {

    public static final int LEAST = 2;
    public static final int MOST = 20;

    /** Most mails that are opened at all are opened within two days. */
    static final int HOURS = 48;

    /**
     * The types that prove that a mail was sent; the earliest of them is the campaign's first mail.
     */
    private static final Set<EventType> MAILS =
            EnumSet.of(
                    EventType.SENT,
                    EventType.DELIVERED,
                    EventType.DELAYED,
                    EventType.BOUNCED,
                    EventType.FAILED);

    /**
     * @param firstMail the hour of the first mail; null if none was sent
     * @param difference to the first campaign
     * @param hours the first hours that have begun, also those without events
     */
    public record Compared(
            long id,
            String name,
            @Nullable Instant firstMail,
            Figures total,
            Rates rates,
            Difference difference,
            List<Hour> hours) {}

    public record Difference(Figures total, Rates rates) {}

    /**
     * @param after hours since the hour of the first mail, which is 0 however little was left of it
     */
    public record Hour(int after, Figures figures, Figures soFar, Rates ratesSoFar) {}

    /** A campaign and its hourly figures. */
    record Counted(long id, String name, Series hours) {}

    static void require(List<Long> campaignIds) {
        if (campaignIds.size() < LEAST
                || campaignIds.size() > MOST
                || Set.copyOf(campaignIds).size() < campaignIds.size()) {
            throw new Refusal.Invalid(
                    "comparison-campaigns",
                    String.format(
                            Locale.ROOT,
                            "Give %d to %d different campaigns: ids=1,2.",
                            LEAST,
                            MOST));
        }
    }

    static Comparison of(boolean current, List<Counted> counted, Instant now) {
        Figures first = counted.getFirst().hours().total();
        return new Comparison(
                current, counted.stream().map(it -> compared(it, first, now)).toList());
    }

    private static Compared compared(Counted counted, Figures first, Instant now) {
        Figures total = counted.hours().total();
        Optional<Instant> firstMail = firstMail(counted.hours());
        return new Compared(
                counted.id(),
                counted.name(),
                firstMail.orElse(null),
                total,
                total.rates(),
                new Difference(total.minus(first), total.rates().minus(first.rates())),
                firstMail.map(from -> hours(counted.hours(), from, now)).orElse(List.of()));
    }

    private static Optional<Instant> firstMail(Series hours) {
        return hours.points().stream()
                .filter(point -> MAILS.stream().anyMatch(point.figures().byType()::containsKey))
                .map(Series.Point::start)
                .findFirst();
    }

    private static List<Hour> hours(Series counted, Instant firstMail, Instant now) {
        Map<Instant, Figures> byStart = counted.byStart();
        List<Hour> hours = new ArrayList<>();
        Figures soFar = Figures.NONE;
        for (int after = 0; after < HOURS; after++) {
            Instant start = firstMail.plus(Duration.ofHours(after));
            if (start.isAfter(now)) {
                break;
            }
            Figures figures = byStart.getOrDefault(start, Figures.NONE);
            soFar = Figures.sum(List.of(soFar, figures));
            hours.add(new Hour(after, figures, soFar, soFar.rates()));
        }
        return List.copyOf(hours);
    }
}
