package io.mailgenius.jobs.templates.liquid;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A filter call in a template. */
final class FilterCall {

    private final FilterDefinition filter;
    private final Expression[] positional;
    private final Map<String, Expression> named;
    private final @Nullable FilterArguments constant;

    FilterCall(
            FilterDefinition filter, List<Expression> positional, Map<String, Expression> named) {
        this.filter = filter;
        this.positional = positional.toArray(Expression[]::new);
        this.named = Map.copyOf(named);
        boolean fixed =
                named.isEmpty()
                        && positional.stream().allMatch(Expression.Literal.class::isInstance);
        this.constant =
                fixed
                        ? new FilterArguments(
                                positional.stream()
                                        .map(it -> ((Expression.Literal) it).value())
                                        .toArray(),
                                Map.of())
                        : null;
    }

    @Nullable Object apply(@Nullable Object input, RenderContext context) {
        filter.checkCount(positional.length);
        Object result =
                filter.work()
                        .apply(input, constant == null ? arguments(context) : constant, context);
        context.weigh(result);
        return result;
    }

    private FilterArguments arguments(RenderContext context) {
        @Nullable Object[] values = new Object[positional.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = LiquidValues.unwrapped(positional[i].evaluate(context));
        }
        Map<String, @Nullable Object> options = new TreeMap<>();
        named.forEach(
                (name, value) ->
                        options.put(name, LiquidValues.unwrapped(value.evaluate(context))));
        return new FilterArguments(values, options);
    }
}
