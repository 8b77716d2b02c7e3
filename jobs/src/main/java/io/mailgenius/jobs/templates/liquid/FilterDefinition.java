package io.mailgenius.jobs.templates.liquid;

import java.util.Locale;

/**
 * A filter and its name.
 *
 * @param least the number of required arguments
 * @param most the largest number of arguments
 */
public record FilterDefinition(String name, int least, int most, LiquidFilter work) {

    void checkCount(int arguments) {
        if (arguments < least || arguments > most) {
            throw new LiquidRenderException(
                    String.format(
                            Locale.ROOT,
                            "the filter %s takes %s but has %d",
                            name,
                            takes(),
                            arguments));
        }
    }

    private String takes() {
        String many = least == most ? Integer.toString(most) : least + " to " + most;
        return many + (most == 1 ? " argument" : " arguments");
    }
}
