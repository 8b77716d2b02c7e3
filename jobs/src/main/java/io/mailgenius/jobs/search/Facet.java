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
 * One thing that an index holds of every contact of a workspace. PostgreSQL reads it, by the very
 * expressions that rules are compiled to, so that an index and a rule in SQL cannot differ in what
 * a number or a date is.
 */
public sealed interface Facet {

    /**
     * @param lowered in lower case, as PostgreSQL writes it
     */
    record Texts(Field field, boolean lowered) implements Facet {}

    record Numbers(Field field) implements Facet {}

    /**
     * @param zone whose time it is where a value says no other
     */
    record Dates(Field field, ZoneId zone) implements Facet {}

    /**
     * When it was last.
     *
     * @param campaign in this one; in whichever, if 0
     */
    record EngagementTime(Engagement engagement, long campaign, Optional<String> link)
            implements Facet {}

    /** Address and name, to be searched for a part: in lower case, a line each. */
    record Words() implements Facet {}

    /** Whether the condition holds: what has no order and few values, or too many. */
    record Holds(Rule condition) implements Facet {}

    Facet WORDS = new Words();

    /** A statement that answers with {@code id} and {@code value} of those who have a value. */
    record Query(String sql, Map<String, Object> params) {}

    String EVERYBODY = "true";
    String SOME = "%s = ANY (CAST(:ids AS bigint[]))";

    /**
     * @param ids for those whom the parameter {@code ids} names; else for everybody
     */
    default Query query(boolean ids) {
        RuleCompiler rules = new RuleCompiler();
        String contacts =
                "SELECT c.id, %s AS value FROM contact c WHERE c.workspace_id = :workspace AND "
                        + (ids ? SOME.formatted("c.id") : EVERYBODY);
        String acts = ids ? SOME.formatted("e.contact_id") : EVERYBODY;
        String sql =
                switch (this) {
                    case Texts(var field, var lowered) ->
                            contacts.formatted(
                                    lowered
                                            ? "lower(" + rules.text(field) + ")"
                                            : rules.text(field));
                    case Numbers(Field.Heat _) ->
                            """
                            SELECT e.contact_id AS id, %s AS value FROM engagement e
                             WHERE e.workspace_id = :workspace AND %s GROUP BY e.contact_id"""
                                    .formatted(EngagementScore.HEAT, acts);
                    case Numbers(var field) -> contacts.formatted(rules.number(field));
                    case Dates(var field, var zone) ->
                            contacts.formatted(micros(rules.date(field, zone)));
                    case EngagementTime(var engagement, var campaign, var link) -> {
                        RuleCompiler.EngagementSource source =
                                rules.engagementSource(engagement, link);
                        String where =
                                campaign == 0
                                        ? ""
                                        : " AND e.campaign_id = " + rules.param(campaign);
                        yield """
                        SELECT e.contact_id AS id, %s AS value FROM %s e
                         WHERE e.workspace_id = :workspace AND e.contact_id IS NOT NULL%s%s AND %s
                         GROUP BY e.contact_id"""
                                .formatted(
                                        micros("max(" + source.at() + ")"),
                                        source.table(),
                                        source.where(),
                                        where,
                                        acts);
                    }
                    case Words() ->
                            contacts.formatted(
                                    "c.email || chr(10) || lower(concat_ws(' ', c.first_name, c.last_name))");
                    case Holds(var condition) ->
                            contacts.formatted("true") + " AND " + rules.sql(condition);
                };
        return new Query(sql, rules.params());
    }

    private static String micros(String date) {
        return "CAST(extract(epoch FROM " + date + ") * 1000000 AS bigint)";
    }

    /**
     * @param contacts how many there are
     */
    default ColumnIndex empty(int contacts) {
        return switch (this) {
            case Texts _ -> new TextColumnIndex(contacts);
            case Numbers _ -> new NumberColumnIndex(contacts, NumberColumnIndex::scaled);
            case Dates _, EngagementTime _ ->
                    new NumberColumnIndex(contacts, NumberColumnIndex::whole);
            case Words _ -> new SubstringColumnIndex(contacts);
            case Holds _ -> new BooleanColumnIndex();
        };
    }

    /** About how many bytes it needs while it is read. */
    default long estimate(int contacts) {
        return switch (this) {
            case Texts _ -> 5L * contacts;
            case Numbers _, Dates _, EngagementTime _ -> 16L * contacts;
            case Words _ -> 72L * contacts;
            case Holds _ -> contacts / 4L;
        };
    }

    /** What a facet was too fine-grained for. It is asked for by each condition instead. */
    final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String why) {
            super(why, null, false, false);
        }
    }

    /** The values of a facet, by the ordinals of contacts. */
    sealed interface ColumnIndex
            permits TextColumnIndex, NumberColumnIndex, BooleanColumnIndex, SubstringColumnIndex {

        /**
         * Before {@link #seal}, any number of times in any order.
         *
         * @param value as JDBC gives it
         */
        void load(int ordinal, Object value) throws Unfit;

        /** All are loaded: from now on it may be asked, and changed. */
        void seal(int contacts);

        void change(int ordinal, @Nullable Object value) throws Unfit;

        long bytes();

        /** Whether it has changed so much that loading it anew would make it quicker. */
        boolean worn();
    }
}
