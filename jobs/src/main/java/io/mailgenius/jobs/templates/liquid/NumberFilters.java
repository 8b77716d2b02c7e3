package io.mailgenius.jobs.templates.liquid;

import java.math.RoundingMode;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Filters for arithmetic. Input that is not a number counts as 0. */
final class NumberFilters {

    private static final int MAX_DECIMALS = 30;

    static final List<FilterDefinition> ALL =
            List.of(
                    number("abs", LiquidNumbers::abs),
                    number("ceil", it -> LiquidNumbers.round(it, 0, RoundingMode.CEILING)),
                    number("floor", it -> LiquidNumbers.round(it, 0, RoundingMode.FLOOR)),
                    numbers("plus", LiquidNumbers::plus),
                    numbers("minus", LiquidNumbers::minus),
                    numbers("times", LiquidNumbers::times),
                    numbers("divided_by", LiquidNumbers::dividedBy),
                    numbers("modulo", LiquidNumbers::modulo),
                    numbers("at_least", (a, b) -> LiquidNumbers.compare(b, a) > 0 ? b : a),
                    numbers("at_most", (a, b) -> LiquidNumbers.compare(b, a) < 0 ? b : a),
                    new FilterDefinition(
                            "round",
                            0,
                            1,
                            (input, arguments, _) ->
                                    LiquidNumbers.round(
                                            LiquidNumbers.of(input),
                                            decimals(arguments),
                                            RoundingMode.HALF_UP)));

    private NumberFilters() {}

    private static FilterDefinition number(String name, UnaryOperator<Number> work) {
        return new FilterDefinition(
                name, 0, 0, (input, _, _) -> work.apply(LiquidNumbers.of(input)));
    }

    private static FilterDefinition numbers(String name, BinaryOperator<Number> work) {
        return new FilterDefinition(
                name,
                1,
                1,
                (input, arguments, _) -> work.apply(LiquidNumbers.of(input), arguments.number(0)));
    }

    private static int decimals(FilterArguments arguments) {
        int decimals =
                LiquidNumbers.clamped(
                        LiquidNumbers.round(arguments.number(0), 0, RoundingMode.DOWN));
        if (decimals > MAX_DECIMALS) {
            throw new LiquidRenderException("round keeps at most " + MAX_DECIMALS + " decimals");
        }
        return decimals;
    }
}
