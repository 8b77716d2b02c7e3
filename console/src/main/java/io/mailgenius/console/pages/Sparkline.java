package io.mailgenius.console.pages;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A line of values as the points of SVG elements.
 *
 * @param line for {@code polyline}
 * @param area for {@code polygon}: the line and the axis below it
 * @param highest of the values
 * @param last of the values
 */
public record Sparkline(String line, String area, double highest, double last) {

    /**
     * @param values at equal distances; from 0 on
     * @param width in units of the SVG's view box
     * @param height of the highest value, in the same units
     */
    public static Sparkline of(List<Double> values, int width, int height) {
        double highest = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double last = values.isEmpty() ? 0 : values.getLast();
        double step = values.size() < 2 ? width : (double) width / (values.size() - 1);
        String line =
                IntStream.range(0, values.size())
                        .mapToObj(
                                n ->
                                        point(
                                                n * step,
                                                highest == 0
                                                        ? height
                                                        : height
                                                                - values.get(n) / highest * height))
                        .collect(Collectors.joining(" "));
        double end = values.size() < 2 ? 0 : width;
        return new Sparkline(
                line, point(0, height) + " " + line + " " + point(end, height), highest, last);
    }

    private static String point(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
    }
}
