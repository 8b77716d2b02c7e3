package io.mailgenius.jobs.search;

import io.mailgenius.jobs.rules.Engagement;
import io.mailgenius.jobs.rules.EngagementScore;
import io.mailgenius.jobs.rules.Field;
import io.mailgenius.jobs.rules.Rule;
import io.mailgenius.jobs.rules.RuleCompiler;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A column of the index: one value of every contact of a workspace. PostgreSQL computes the values
 * with the expressions of compiled rules, so that the index and SQL cannot disagree on what is a
 * number or a date.
 */
public sealed interface Facet {

    /**
     * @param lowered in lower case, converted by PostgreSQL
     */
    record Texts(Field field, boolean lowered) implements Facet {}

    record Numbers(Field field) implements Facet {}

    /**
     * @param zone the time zone of values without an offset
     */
    record Dates(Field field, ZoneId zone) implements Facet {}

    /**
     * The time of the contact's last engagement.
     *
     * @param campaign 0 for any campaign
     */
    record LastEngagement(Engagement engagement, long campaign, Optional<String> link)
            implements Facet {}

    /** Address and name in lower case, one line each, for substring searches. */
    record SearchText() implements Facet {}

    /**
     * The result of a condition, for conditions without order and few values, or with too many
     * values for a column.
     */
    record ConditionResult(Rule condition) implements Facet {}

    Facet SEARCH_TEXT = new SearchText();

    /** A statement that returns {@code id} and {@code value} of the contacts that have a value. */
    record Query(String sql, Map<String, Object> params) {}

    String ALL_CONTACTS = "true";
    String SOME = "%s = ANY (CAST(:ids AS bigint[]))";

    /**
     * @param ids restricts the query to the contacts in parameter {@code ids}
     */
    default Query query(boolean ids) {
        RuleCompiler rules = new RuleCompiler();
        String contacts =
                "SELECT c.id, %s AS value FROM contact c WHERE c.workspace_id = :workspace AND "
                        + (ids ? SOME.formatted("c.id") : ALL_CONTACTS);
        String acts = ids ? SOME.formatted("e.contact_id") : ALL_CONTACTS;
        String sql =
                switch (this) {
                    case Texts(var field, var lowered) ->
                            contacts.formatted(
                                    lowered
                                            ? "lower(" + rules.text(field) + ")"
                                            : rules.text(field));
                    case Numbers(Field.LogScore _) ->
                            """
                            SELECT e.contact_id AS id, %s AS value FROM engagement e
                             WHERE e.workspace_id = :workspace AND %s GROUP BY e.contact_id"""
                                    .formatted(EngagementScore.LOG_SCORE, acts);
                    case Numbers(var field) -> contacts.formatted(rules.number(field));
                    case Dates(var field, var zone) ->
                            contacts.formatted(micros(rules.date(field, zone)));
                    case LastEngagement(var engagement, var campaign, var link) -> {
                        RuleCompiler.EngagementRows rows = rules.engagementRows(engagement, link);
                        String where =
                                campaign == 0
                                        ? ""
                                        : " AND e.campaign_id = " + rules.param(campaign);
                        yield """
                        SELECT e.contact_id AS id, %s AS value FROM %s e
                         WHERE e.workspace_id = :workspace AND e.contact_id IS NOT NULL%s%s AND %s
                         GROUP BY e.contact_id"""
                                .formatted(
                                        micros("max(" + rows.at() + ")"),
                                        rows.table(),
                                        rows.where(),
                                        where,
                                        acts);
                    }
                    case SearchText() ->
                            contacts.formatted(
                                    "c.email || chr(10) || lower(concat_ws(' ', c.first_name, c.last_name))");
                    case ConditionResult(var condition) ->
                            contacts.formatted("true") + " AND " + rules.sql(condition);
                };
        return new Query(sql, rules.params());
    }

    private static String micros(String date) {
        return "CAST(extract(epoch FROM " + date + ") * 1000000 AS bigint)";
    }

    /**
     * @param contacts the number of contacts
     */
    default ColumnIndex empty(int contacts) {
        return switch (this) {
            case Texts _ -> new TextColumnIndex(contacts);
            case Numbers _ -> new NumberColumnIndex(contacts, NumberColumnIndex::scaled);
            case Dates _, LastEngagement _ ->
                    new NumberColumnIndex(contacts, NumberColumnIndex::whole);
            case SearchText _ -> new SubstringColumnIndex(contacts);
            case ConditionResult _ -> new BooleanColumnIndex();
        };
    }

    /** Estimated bytes while loading. */
    default long estimate(int contacts) {
        return switch (this) {
            case Texts _ -> 5L * contacts;
            case Numbers _, Dates _, LastEngagement _ -> 16L * contacts;
            case SearchText _ -> 72L * contacts;
            case ConditionResult _ -> contacts / 4L;
        };
    }

    /** The values do not fit the column. Each condition gets its own facet instead. */
    final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String why) {
            super(why, null, false, false);
        }
    }

    /** The values of a facet, by ordinals of contacts. */
    sealed interface ColumnIndex
            permits TextColumnIndex, NumberColumnIndex, BooleanColumnIndex, SubstringColumnIndex {

        /**
         * Called before {@link #seal}, any number of times in any order.
         *
         * @param value as returned by JDBC
         */
        void load(int ordinal, Object value) throws Unfit;

        /** Ends loading. From now on the column can be queried and updated. */
        void seal(int contacts);

        void change(int ordinal, @Nullable Object value) throws Unfit;

        long bytes();

        /** Whether so many updates have accumulated that reloading would make queries faster. */
        boolean needsReload();
    }
}
