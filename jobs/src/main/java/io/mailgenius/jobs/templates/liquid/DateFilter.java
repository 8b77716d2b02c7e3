package io.mailgenius.jobs.templates.liquid;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The filter {@code date}. Input that is not a date is returned unchanged. */
final class DateFilter {

    private static final int MAX_FORMAT = 200;
    private static final int MAX_SECONDS_DIGITS = 15;

    static final List<FilterDefinition> ALL =
            List.of(
                    new FilterDefinition(
                            "date",
                            1,
                            1,
                            (input, arguments, _) -> formatted(input, arguments.text(0))));

    private DateFilter() {}

    private static @Nullable Object formatted(@Nullable Object input, String format) {
        if (format.isEmpty()) {
            return input;
        }
        requireShort(format);
        OffsetDateTime date = date(input);
        return date == null ? input : StrftimePattern.format(date, format);
    }

    private static @Nullable OffsetDateTime date(@Nullable Object input) {
        return switch (input) {
            case Double _, Float _ -> null;
            case BigDecimal _, BigInteger _ -> null;
            case Number seconds -> atSecond(seconds.longValue());
            case String text -> date(text);
            case null, default -> null;
        };
    }

    private static @Nullable OffsetDateTime date(String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (text.chars().allMatch(c -> MarkupLexer.isDigit((char) c))) {
            return text.length() > MAX_SECONDS_DIGITS ? null : atSecond(Long.parseLong(text));
        }
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("now") || lower.equals("today") ? now : DateReader.read(text, now);
    }

    private static @Nullable OffsetDateTime atSecond(long seconds) {
        try {
            return Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Rejects conversions such as {@code %999999999d}, which would pad to a gigabyte. */
    private static void requireShort(String format) {
        int digits = 0;
        boolean pads = false;
        for (int i = 0; i < format.length(); i++) {
            digits = Character.isDigit(format.charAt(i)) ? digits + 1 : 0;
            pads |= digits > 4;
        }
        if (pads || format.length() > MAX_FORMAT) {
            throw new LiquidRenderException("the format of a date is too long or pads too much");
        }
    }
}
