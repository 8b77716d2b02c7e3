package io.mailgenius.api.node;

import java.util.Locale;
import java.util.TimeZone;

/**
 * Locale and time zone of a node, which are the same on every machine. Else numbers and dates are
 * written in the digits and the calendar of the machine's locale: with {@code ar-EG}, the name of a
 * node had digits that nobody could read back, and the node did not start.
 */
public final class MachineDefaults {

    private MachineDefaults() {}

    /** Called before anything else of a node or a benchmark. */
    public static void fix() {
        Locale.setDefault(Locale.ROOT);
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }
}
