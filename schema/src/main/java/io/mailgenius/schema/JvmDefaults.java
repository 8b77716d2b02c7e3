package io.mailgenius.schema;

import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TimeZone;

/**
 * Sets the default locale and time zone of this process to fixed values. Formatted numbers are used
 * in SQL and JSON: with the locale ar-EG they would have Arabic digits, and with tr the lower case
 * of I would not be i.
 */
public final class JvmDefaults {

    private JvmDefaults() {}

    /** Call this first, because many classes read the defaults when they are loaded. */
    public static void fix() {
        Locale.setDefault(Locale.ROOT);
        TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
    }
}
