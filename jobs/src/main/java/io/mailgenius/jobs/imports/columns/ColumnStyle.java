package io.mailgenius.jobs.imports.columns;

import io.mailgenius.jobs.imports.values.DayOrder;
import io.mailgenius.jobs.imports.values.DecimalMark;
import org.jspecify.annotations.Nullable;

/**
 * What the cells of a column say about how all of them are written.
 *
 * @param decimal the mark that its unambiguous numbers have; null if none has one, or they differ
 * @param order of its unambiguous dates; null likewise
 * @param status whether it says who does not want mail, and nothing else
 */
public record ColumnStyle(@Nullable DecimalMark decimal, @Nullable DayOrder order, boolean status) {

    public static final ColumnStyle UNKNOWN = new ColumnStyle(null, null, false);
}
