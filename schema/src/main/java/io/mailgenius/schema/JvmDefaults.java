package io.mailgenius.schema;

import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TimeZone;

/**
 * The locale and the zone of this process, which are the same on every machine. Formatted numbers
 * stand in SQL and JSON, and with the locale ar-EG they would have Arabic digits; with tr an I
 * would not become an i.
 */
public final class JvmDefaults {

    private JvmDefaults() {}

    /** To be called before anything else: many classes keep what they find when they are loaded. */
    public static void fix() {
        Locale.setDefault(Locale.ROOT);
        TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
    }
}
