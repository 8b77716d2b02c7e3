package io.mailgenius.jobs.templates.liquid;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value and the filters that are applied to it, from left to right. */
record FilteredValue(Expression value, FilterCall[] filters) {

    static final FilteredValue NOTHING =
            new FilteredValue(new Expression.Literal(null), new FilterCall[0]);

    FilteredValue(Expression value, List<FilterCall> filters) {
        this(value, filters.toArray(FilterCall[]::new));
    }

    /**
     * A value stays marked as HTML only if it has no filter or the last filter returned it as HTML.
     */
    @Nullable Object evaluate(RenderContext context) {
        Object result = value.evaluate(context);
        for (FilterCall filter : filters) {
            result = filter.apply(LiquidValues.unwrapped(result), context);
        }
        return result;
    }
}
