package io.mailgenius.jobs.templates.liquid;

import org.jspecify.annotations.Nullable;

/** The implementation of a filter. It must be stateless because threads share it. */
@FunctionalInterface
public interface LiquidFilter {

    /**
     * @param input null, a text, a number, a boolean, a list, a map or a range
     */
    @Nullable Object apply(
            @Nullable Object input, FilterArguments arguments, RenderContext context);
}
