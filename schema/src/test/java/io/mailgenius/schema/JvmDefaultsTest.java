package io.mailgenius.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Independent of the locale and zone with which this JVM was started. */
class JvmDefaultsTest {

    @Test
    void numbers_and_letters_are_the_same_on_every_machine() {
        assertThat("%d %,d %.1f".formatted(12, 3_456, 7.8)).isEqualTo("12 3,456 7.8");
        assertThat("TITLE İ".toLowerCase(Locale.getDefault())).startsWith("title");
        assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(Locale.ROOT);
        assertThat(Locale.getDefault(Locale.Category.DISPLAY)).isEqualTo(Locale.ROOT);
        assertThat(DayOfWeek.MONDAY.getDisplayName(TextStyle.SHORT, Locale.getDefault()))
                .isEqualTo("Mon");
    }

    @Test
    void the_zone_is_utc() {
        assertThat(ZoneId.systemDefault().normalized()).isEqualTo(ZoneOffset.UTC);
    }
}
