package io.mailgenius.jobs.templates.liquid;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value and the filters that it goes through, one after another. */
record FilteredValue(Expression value, FilterCall[] filters) {

    static final FilteredValue NOTHING =
            new FilteredValue(new Expression.Literal(null), new FilterCall[0]);

    FilteredValue(Expression value, List<FilterCall> filters) {
        this(value, filters.toArray(FilterCall[]::new));
    }

    /** Text that is HTML already stays so only without a filter, or by the last one. */
    @Nullable Object evaluate(RenderContext context) {
        Object result = value.evaluate(context);
        for (FilterCall filter : filters) {
            result = filter.apply(LiquidValues.unwrapped(result), context);
        }
        return result;
    }
}
