package io.mailgenius.console.pages;

import io.mailgenius.console.host.NavigationEntry;
import io.mailgenius.console.host.Right;
import io.mailgenius.console.host.Viewer;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;

/**
 * What each page needs: who looks, in which language and zone, and how times and numbers are
 * written for them. Templates have it as the variable {@code console}.
 */
public final class Frame {

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final String application;
    private final @Nullable Viewer viewer;
    private final List<NavigationEntry> navigation;
    private final Locale locale;
    private final ZoneId zone;
    private final Instant now;
    private final MessageSource messages;

    Frame(
            String application,
            @Nullable Viewer viewer,
            List<NavigationEntry> navigation,
            Locale locale,
            ZoneId zone,
            Instant now,
            MessageSource messages) {
        this.application = application;
        this.viewer = viewer;
        this.navigation = List.copyOf(navigation);
        this.locale = locale;
        this.zone = zone;
        this.now = now;
        this.messages = messages;
    }

    public String application() {
        return application;
    }

    public @Nullable Viewer viewer() {
        return viewer;
    }

    public boolean may(Right right) {
        return viewer != null && viewer.may(right);
    }

    public boolean may(String right) {
        return may(Right.valueOf(right));
    }

    public List<NavigationEntry> navigation() {
        return navigation;
    }

    /** As the attribute {@code lang} wants it. */
    public String language() {
        return locale.toLanguageTag();
    }

    public String zone() {
        return zone.getId();
    }

    public Instant now() {
        return now;
    }

    public String text(String key, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }

    /** In the person's zone. */
    public String time(Instant moment) {
        return DateTimeFormatter.ofPattern(text("format.time"), locale)
                .withZone(zone)
                .format(moment);
    }

    /** The time of the day alone, for the axis of a chart. */
    public String hour(Instant moment) {
        return DateTimeFormatter.ofPattern("HH:mm:ss", locale).withZone(zone).format(moment);
    }

    public String utc(Instant moment) {
        return UTC.format(moment);
    }

    public String ago(Instant moment) {
        return text("time.ago", length(Duration.between(moment, now)));
    }

    /** How many seconds ago that was. */
    public long seconds(Instant moment) {
        return Math.max(0, Duration.between(moment, now).toSeconds());
    }

    /** How long something takes that began then and ended then, or has not yet. */
    public String length(Instant from, @Nullable Instant to) {
        return length(Duration.between(from, to == null ? now : to));
    }

    /** The units are the same in all our languages. */
    public String length(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 1) {
            return Math.max(0, duration.toMillis()) + " ms";
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min" + rest(seconds % 60, " s");
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + " h" + rest(seconds % 3_600 / 60, " min");
        }
        return seconds / 86_400 + " d" + rest(seconds % 86_400 / 3_600, " h");
    }

    private static String rest(long amount, String unit) {
        return amount == 0 ? "" : " " + amount + unit;
    }

    public String number(long amount) {
        return NumberFormat.getIntegerInstance(locale).format(amount);
    }

    /** With one digit behind the point below ten, and none above. */
    public String rate(double perSecond) {
        NumberFormat format = NumberFormat.getNumberInstance(locale);
        format.setMaximumFractionDigits(perSecond < 10 ? 1 : 0);
        return format.format(perSecond);
    }

    public String percent(double share) {
        NumberFormat format = NumberFormat.getPercentInstance(locale);
        format.setMaximumFractionDigits(1);
        return format.format(share);
    }

    /** In binary units. */
    public String bytes(long bytes) {
        return bytes < 1L << 20
                ? number(bytes >> 10) + " KiB"
                : bytes < 10L << 30 ? number(bytes >> 20) + " MiB" : number(bytes >> 30) + " GiB";
    }
}
