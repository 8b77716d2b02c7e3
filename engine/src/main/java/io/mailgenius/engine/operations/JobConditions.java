package io.mailgenius.engine.operations;

import io.mailgenius.schema.LaunchState;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link JobFilter} as SQL. Jobs that have ended and jobs that have not are found by different
 * indexes, so each is a query of its own.
 */
final class JobConditions {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int WORDS = 6;
    private static final int WORD_LENGTH = 60;

    private final JobFilter filter;
    private final Map<String, Object> parameters = new HashMap<>();
    private final List<String> common = new ArrayList<>();

    /**
     * @param nodes the ids of the node of the filter
     * @param now for the durations of jobs that have not ended
     */
    JobConditions(JobFilter filter, List<String> nodes, Instant now) {
        this.filter = filter;
        WorkspaceScope.current()
                .ifPresent(it -> condition("l.workspace_id = :workspace", "workspace", it));
        if (!filter.housekeeping()) {
            common.add("NOT l.housekeeping");
        }
        if (filter.job() != null) {
            condition("l.job_name = :job", "job", filter.job());
        }
        if (filter.node() != null) {
            condition("l.owner = ANY (:nodes)", "nodes", nodes.toArray(String[]::new));
        }
        time("l.requested_at >= :from", "from", filter.from());
        time("l.requested_at < :until", "until", filter.until());
        List<String> words = words(filter.text());
        for (int n = 0; n < words.size(); n++) {
            word(n, words.get(n));
        }
        parameters.put("now", now.atOffset(ZoneOffset.UTC));
    }

    private void condition(String sql, String name, Object value) {
        common.add(sql);
        parameters.put(name, value);
    }

    private void time(String sql, String name, @Nullable Instant moment) {
        if (moment != null) {
            // The nearest one that PostgreSQL and four digits of a year have.
            Instant within = moment.isBefore(FIRST) ? FIRST : moment.isAfter(LAST) ? LAST : moment;
            condition(sql, name, within.atOffset(ZoneOffset.UTC));
        }
    }

    private void word(int n, String word) {
        common.add(
                """
                EXISTS (SELECT FROM launch_word w
                         WHERE w.workspace_id = l.workspace_id AND w.launch_id = l.id
                           AND w.word >= :word%1$d AND w.word < :end%1$d)
                """
                        .formatted(n));
        parameters.put("word" + n, word);
        parameters.put("end" + n, end(word));
    }

    /** The words of a text, as table {@code launch_word} has them. */
    static List<String> words(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                        .filter(it -> it.length() > 1)
                        .map(it -> it.substring(0, Math.min(WORD_LENGTH, it.length())))
                        .distinct()
                        .limit(WORDS)
                        .toList();
    }

    /** Behind every word with this beginning. */
    static String end(String beginning) {
        return beginning + Character.toString(Character.MAX_CODE_POINT);
    }

    Map<String, Object> parameters() {
        return parameters;
    }

    boolean byTime() {
        return filter.from() != null || filter.until() != null;
    }

    String order(String alias) {
        return byTime()
                ? "%1$s.requested_at DESC, %1$s.id DESC".formatted(alias)
                : "%s.id DESC".formatted(alias);
    }

    /**
     * Selects id and time of the jobs.
     *
     * @param after whether to read on behind the launch {@code :after}
     */
    String select(boolean after) {
        List<String> branches = new ArrayList<>();
        if (usesIndexOfEnded()) {
            branch(branches, states(true), "l.ended_at IS NOT NULL", "l.took", after);
            branch(branches, states(false), "", "(:now::timestamptz - l.started_at)", after);
        } else {
            branch(branches, states(LaunchState.values()), "", "", after);
        }
        return branches.isEmpty()
                ? "SELECT id, requested_at FROM launch WHERE false"
                : String.join(" UNION ALL ", branches);
    }

    private boolean usesIndexOfEnded() {
        return byTime()
                || filter.job() != null
                || filter.node() != null
                || filter.atLeast() != null
                || filter.atMost() != null;
    }

    private Set<LaunchState> states(boolean ended) {
        return states(
                Arrays.stream(LaunchState.values())
                        .filter(it -> hasEnded(it) == ended)
                        .toArray(LaunchState[]::new));
    }

    private Set<LaunchState> states(LaunchState... possible) {
        Set<LaunchState> meant = EnumSet.noneOf(LaunchState.class);
        for (LaunchState state : possible) {
            if (filter.states().isEmpty() || filter.states().contains(state)) {
                meant.add(state);
            }
        }
        return meant;
    }

    private void branch(
            List<String> branches,
            Set<LaunchState> states,
            String ended,
            String took,
            boolean after) {
        if (states.isEmpty()) {
            return;
        }
        List<String> conditions = new ArrayList<>(common);
        if (!ended.isEmpty()) {
            conditions.add(ended);
        }
        if (states.size() < LaunchState.values().length
                && (ended.isEmpty() || !filter.states().isEmpty())) {
            // As constants, because partial indexes are found by them.
            conditions.add(
                    states.stream()
                            .map(it -> "'" + it.name() + "'")
                            .collect(Collectors.joining(", ", "l.state IN (", ")")));
        }
        duration(conditions, took + " >= :atLeast::interval", "atLeast", filter.atLeast());
        duration(conditions, took + " <= :atMost::interval", "atMost", filter.atMost());
        if (after) {
            conditions.add(
                    byTime()
                            ? "(l.requested_at, l.id) < (SELECT a.requested_at, a.id FROM launch a WHERE a.id = :after)"
                            : "l.id < :after");
        }
        branches.add(
                "(SELECT l.id, l.requested_at FROM launch l WHERE %s ORDER BY %s LIMIT :limit)"
                        .formatted(
                                conditions.isEmpty() ? "true" : String.join(" AND ", conditions),
                                order("l")));
    }

    private void duration(
            Collection<String> conditions, String sql, String name, @Nullable Duration limit) {
        if (limit != null) {
            conditions.add(sql);
            parameters.put(name, limit.toMillis() + " milliseconds");
        }
    }

    private static boolean hasEnded(LaunchState state) {
        return switch (state) {
            case COMPLETED, FAILED, STOPPED, ABANDONED -> true;
            case QUEUED, RUNNING, STOPPING -> false;
        };
    }
}
