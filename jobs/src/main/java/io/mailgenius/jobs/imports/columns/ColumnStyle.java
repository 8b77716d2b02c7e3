package io.mailgenius.jobs.imports.columns;

import io.mailgenius.jobs.imports.values.DayOrder;
import io.mailgenius.jobs.imports.values.DecimalMark;
import org.jspecify.annotations.Nullable;

/**
 * How the cells of a column are written, derived from its unambiguous cells.
 *
 * @param decimal the mark of its unambiguous numbers; null if there are none, or if they differ
 * @param order of its unambiguous dates; null likewise
 * @param status whether it holds the contact's status and nothing else
 */
public record ColumnStyle(@Nullable DecimalMark decimal, @Nullable DayOrder order, boolean status) {

    public static final ColumnStyle UNKNOWN = new ColumnStyle(null, null, false);
}
