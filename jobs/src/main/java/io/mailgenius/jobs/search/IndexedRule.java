package io.mailgenius.jobs.search;

import io.mailgenius.jobs.rules.Field;
import io.mailgenius.jobs.rules.Rule;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/**
 * Evaluates a rule over facets: determines which ones it needs and which contacts match. Bitmaps
 * owned by a facet are combined into new ones and never changed.
 *
 * @param unfit facets that do not fit; their conditions have a facet each
 */
record IndexedRule(Rule rule, Set<Facet> unfit) {

    Set<Facet> needs() {
        Set<Facet> needs = new LinkedHashSet<>();
        collect(rule, needs);
        return needs;
    }

    private void collect(Rule rule, Set<Facet> needs) {
        switch (rule) {
            case Rule.All(var rules) -> rules.forEach(inner -> collect(inner, needs));
            case Rule.Any(var rules) -> rules.forEach(inner -> collect(inner, needs));
            case Rule.None(var rules) -> rules.forEach(inner -> collect(inner, needs));
            case Rule.Engaged engaged -> needs.addAll(engagementRows(engaged));
            case Rule.Exists _,
                    Rule.TextIs _,
                    Rule.TextHas _,
                    Rule.NumberIs _,
                    Rule.NumberCompares _,
                    Rule.BooleanIs _,
                    Rule.DateFrom _,
                    Rule.DateBefore _,
                    Rule.OnList _ ->
                    needs.add(facet(rule));
        }
    }

    private Facet facet(Rule condition) {
        Optional<Facet> facet =
                switch (condition) {
                    case Rule.TextIs(var field, var texts, var ignoreCase) ->
                            texts(field, texts, ignoreCase);
                    case Rule.TextHas(var field, _, var text, var ignoreCase) ->
                            texts(field, List.of(text), ignoreCase);
                    case Rule.NumberIs(var field, _) -> Optional.of(new Facet.Numbers(field));
                    case Rule.NumberCompares(var field, _, _) ->
                            Optional.of(new Facet.Numbers(field));
                    case Rule.DateFrom(var field, var zone, _) -> dates(field, zone);
                    case Rule.DateBefore(var field, var zone, _) -> dates(field, zone);
                    case Rule.Exists _,
                            Rule.BooleanIs _,
                            Rule.OnList _,
                            Rule.Engaged _,
                            Rule.All _,
                            Rule.Any _,
                            Rule.None _ ->
                            Optional.empty();
                };
        // Contacts without activities have the number 0, which a column of an index has not.
        return facet.filter(it -> !unfit.contains(it) && !isOfActivities(it))
                .orElseGet(() -> new Facet.ConditionResult(condition));
    }

    private static boolean isOfActivities(Facet facet) {
        return facet instanceof Facet.Numbers(Field.Activities _)
                || facet instanceof Facet.Dates(Field.Activities _, _);
    }

    /** Columns store instants, so the zone does not distinguish facets over them. */
    private static Optional<Facet> dates(Field field, ZoneId zone) {
        return Optional.of(
                new Facet.Dates(field, field instanceof Field.Column ? ZoneOffset.UTC : zone));
    }

    /**
     * Ignoring case beyond ASCII uses the lower case of PostgreSQL, which differs from that of
     * Java.
     */
    private static Optional<Facet> texts(Field field, List<String> texts, boolean ignoreCase) {
        return ignoreCase && !texts.stream().allMatch(IndexedRule::isAscii)
                ? Optional.empty()
                : Optional.of(new Facet.Texts(field, ignoreCase));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static List<Facet> engagementRows(Rule.Engaged engaged) {
        List<Long> campaigns = engaged.campaigns().isEmpty() ? List.of(0L) : engaged.campaigns();
        return campaigns.stream()
                .distinct()
                .<Facet>map(
                        campaign ->
                                new Facet.LastEngagement(
                                        engaged.engagement(), campaign, engaged.link()))
                .toList();
    }

    /**
     * The matching contacts.
     *
     * @param held all facets that the rule {@link #needs}
     */
    RoaringBitmap matching(RoaringBitmap allContacts, Map<Facet, Facet.ColumnIndex> held) {
        return new Reading(allContacts, held).matching(rule);
    }

    private final class Reading {

        private final RoaringBitmap allContacts;
        private final Map<Facet, Facet.ColumnIndex> held;

        Reading(RoaringBitmap allContacts, Map<Facet, Facet.ColumnIndex> held) {
            this.allContacts = allContacts;
            this.held = held;
        }

        RoaringBitmap matching(Rule rule) {
            return switch (rule) {
                case Rule.All(var rules) -> all(rules);
                case Rule.Any(var rules) -> any(rules);
                case Rule.None(var rules) -> RoaringBitmap.andNot(allContacts, any(rules));
                case Rule.Engaged engaged -> engaged(engaged);
                case Rule.NumberIs(_, var numbers)
                        when held(rule) instanceof NumberColumnIndex values ->
                        either(
                                numbers.stream()
                                        .map(
                                                n ->
                                                        values.between(
                                                                NumberColumnIndex.ceiling(n),
                                                                NumberColumnIndex.above(n)))
                                        .toList());
                case Rule.NumberCompares(_, var comparison, var number)
                        when held(rule) instanceof NumberColumnIndex values ->
                        switch (comparison) {
                            case GREATER -> values.between(NumberColumnIndex.above(number), MAX);
                            case GREATER_OR_EQUAL ->
                                    values.between(NumberColumnIndex.ceiling(number), MAX);
                            case LESS -> values.between(MIN, NumberColumnIndex.ceiling(number));
                            case LESS_OR_EQUAL ->
                                    values.between(MIN, NumberColumnIndex.above(number));
                        };
                case Rule.DateFrom(_, _, var from)
                        when held(rule) instanceof NumberColumnIndex values ->
                        values.between(micros(from), MAX);
                case Rule.DateBefore(_, _, var before)
                        when held(rule) instanceof NumberColumnIndex values ->
                        values.between(MIN, micros(before));
                case Rule.TextIs(_, var texts, var ignoreCase)
                        when held(rule) instanceof TextColumnIndex values ->
                        values.having(texts.stream().map(t -> cased(t, ignoreCase)).toList());
                case Rule.TextHas(_, var part, var text, var ignoreCase)
                        when held(rule) instanceof TextColumnIndex values ->
                        has(values, part, cased(text, ignoreCase));
                case Rule.Exists _,
                        Rule.TextIs _,
                        Rule.TextHas _,
                        Rule.NumberIs _,
                        Rule.NumberCompares _,
                        Rule.BooleanIs _,
                        Rule.DateFrom _,
                        Rule.DateBefore _,
                        Rule.OnList _ ->
                        ((BooleanColumnIndex) held(rule)).holders();
            };
        }

        private Facet.ColumnIndex held(Rule condition) {
            return held(facet(condition));
        }

        private Facet.ColumnIndex held(Facet facet) {
            return java.util.Objects.requireNonNull(held.get(facet));
        }

        /** Intersects the smallest bitmaps first and removes the negative ones last. */
        private RoaringBitmap all(List<Rule> rules) {
            List<RoaringBitmap> each = new ArrayList<>();
            List<Rule> none = new ArrayList<>();
            for (Rule rule : rules) {
                if (rule instanceof Rule.None(var inner)) {
                    none.addAll(inner);
                } else {
                    each.add(matching(rule));
                }
            }
            each.sort(Comparator.comparingInt(RoaringBitmap::getCardinality));
            RoaringBitmap all = each.isEmpty() ? allContacts : each.getFirst();
            for (int i = 1; i < each.size(); i++) {
                all = RoaringBitmap.and(all, each.get(i));
            }
            return none.isEmpty() ? all : RoaringBitmap.andNot(all, any(none));
        }

        private RoaringBitmap any(List<Rule> rules) {
            return either(rules.stream().map(this::matching).toList());
        }

        private RoaringBitmap engaged(Rule.Engaged engaged) {
            long from = engaged.since().map(IndexedRule::micros).orElse(MIN);
            return either(
                    engagementRows(engaged).stream()
                            .map(deed -> ((NumberColumnIndex) held(deed)).between(from, MAX))
                            .toList());
        }
    }

    private static final long MIN = Long.MIN_VALUE + 1;
    private static final long MAX = Long.MAX_VALUE;

    private static RoaringBitmap either(List<RoaringBitmap> several) {
        return several.size() == 1 ? several.getFirst() : FastAggregation.or(several.iterator());
    }

    private static RoaringBitmap has(TextColumnIndex values, Rule.Part part, String wanted) {
        return switch (part) {
            case START -> values.having(text -> text.startsWith(wanted));
            case MIDDLE -> values.having(text -> text.contains(wanted));
            case END -> values.having(text -> text.endsWith(wanted));
        };
    }

    private static String cased(String text, boolean ignoreCase) {
        return ignoreCase ? text.toLowerCase(java.util.Locale.ROOT) : text;
    }

    /**
     * Nothing is rounded, because the instants of a rule have microsecond resolution, like
     * PostgreSQL.
     */
    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
