package io.mailgenius.console.jobs;

import io.mailgenius.engine.operations.JobFilter;
import io.mailgenius.schema.LaunchState;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one search field: words that a key, a parameter or an error has, and terms such as {@code
 * state:failed}, {@code job:import}, {@code node:n-1}, {@code since:24h}, {@code until:2026-12-01},
 * {@code longer:10m}, {@code shorter:1h} and {@code housekeeping:yes}.
 *
 * @param unknown terms that were not understood, and do not filter
 */
record SearchText(JobFilter filter, List<String> unknown) {

    static final List<String> TERMS =
            List.of("state", "job", "node", "since", "until", "longer", "shorter", "housekeeping");

    private static final Pattern TERM = Pattern.compile("([a-z]+):(\\S+)");
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})(s|m|h|d)");
    private static final int LONGEST = 500;

    /** What the terms have said so far. */
    private static final class Terms {
        private final Set<LaunchState> states = EnumSet.noneOf(LaunchState.class);
        private final StringJoiner words = new StringJoiner(" ");
        private final List<String> unknown = new ArrayList<>();
        private @Nullable String job;
        private @Nullable String node;
        private @Nullable Instant from;
        private @Nullable Instant until;
        private @Nullable Duration atLeast;
        private @Nullable Duration atMost;
        private boolean housekeeping;
    }

    /**
     * @param zone in which dates begin
     */
    static SearchText of(String written, boolean housekeeping, Instant now, ZoneId zone) {
        Terms terms = new Terms();
        terms.housekeeping = housekeeping;
        String text = written.length() > LONGEST ? written.substring(0, LONGEST) : written;
        for (String part : text.strip().split("\\s+")) {
            Matcher term = TERM.matcher(part);
            boolean known =
                    !term.matches()
                            || !TERMS.contains(term.group(1))
                            || read(terms, term.group(1), term.group(2), now, zone);
            if (!known) {
                terms.unknown.add(part);
            } else if (!part.isEmpty() && !(term.matches() && TERMS.contains(term.group(1)))) {
                terms.words.add(part);
            }
        }
        return new SearchText(
                new JobFilter(
                        terms.states,
                        terms.job,
                        terms.node,
                        terms.from,
                        terms.until,
                        terms.atLeast,
                        terms.atMost,
                        terms.words.length() == 0 ? null : terms.words.toString(),
                        terms.housekeeping),
                terms.unknown);
    }

    private static boolean read(Terms terms, String name, String value, Instant now, ZoneId zone) {
        switch (name) {
            case "state" -> {
                return states(terms, value);
            }
            case "job" -> terms.job = value;
            case "node" -> terms.node = value;
            case "since" -> {
                terms.from = moment(value, now, zone);
                return terms.from != null;
            }
            case "until" -> {
                terms.until = moment(value, now, zone);
                return terms.until != null;
            }
            case "longer" -> {
                terms.atLeast = length(value);
                return terms.atLeast != null;
            }
            case "shorter" -> {
                terms.atMost = length(value);
                return terms.atMost != null;
            }
            case "housekeeping" -> terms.housekeeping = value.equals("yes");
            case String _ -> {
                return false;
            }
        }
        return true;
    }

    /** People say waiting of what the engine calls QUEUED. */
    private static boolean states(Terms terms, String value) {
        for (String word : value.toUpperCase(Locale.ROOT).split(",")) {
            try {
                terms.states.add(
                        word.equals("WAITING") ? LaunchState.QUEUED : LaunchState.valueOf(word));
            } catch (IllegalArgumentException unknown) {
                return false;
            }
        }
        return true;
    }

    /** A date, a moment, or so long ago. */
    private static @Nullable Instant moment(String value, Instant now, ZoneId zone) {
        Duration ago = length(value);
        if (ago != null) {
            return now.minus(ago);
        }
        try {
            return value.contains("T")
                    ? Instant.parse(value)
                    : LocalDate.parse(value).atStartOfDay(zone).toInstant();
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    private static @Nullable Duration length(String value) {
        Matcher length = LENGTH.matcher(value);
        if (!length.matches()) {
            return null;
        }
        long amount = Long.parseLong(length.group(1));
        return switch (length.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case String _ -> Duration.ofDays(amount);
        };
    }
}
