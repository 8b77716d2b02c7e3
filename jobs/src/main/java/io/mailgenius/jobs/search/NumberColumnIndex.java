package io.mailgenius.jobs.search;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RangeBitmap;
import org.roaringbitmap.RoaringBitmap;

/**
 * A number, or a time in microseconds, per contact: an immutable range bitmap of the loaded values,
 * and a map of later changes, which is scanned.
 */
final class NumberColumnIndex implements Facet.ColumnIndex {

    /** Six decimal places, so that a number fits a {@code long}. */
    private static final int SCALE = 6;

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE / 4);
    private static final long ABSENT = Long.MIN_VALUE;
    private static final int RELOAD_THRESHOLD = 20_000;
    private static final int BYTES_A_CHANGE = 64;

    interface Reading {
        long of(Object value) throws Facet.Unfit;
    }

    private final Reading reading;
    private long @Nullable [] loaded;
    private @Nullable RangeBitmap range;
    private long least = Long.MAX_VALUE;
    private long most = Long.MIN_VALUE;
    private final RoaringBitmap changed = new RoaringBitmap();
    private final Map<Integer, Long> changes = new HashMap<>();
    private int contacts;
    private long bytes;

    NumberColumnIndex(int contacts, Reading reading) {
        this.reading = reading;
        this.loaded = new long[contacts];
        java.util.Arrays.fill(this.loaded, ABSENT);
    }

    static long whole(Object value) {
        return (Long) value;
    }

    static long scaled(Object value) throws Facet.Unfit {
        BigDecimal scaled = ((BigDecimal) value).movePointRight(SCALE);
        if (scaled.abs().compareTo(MOST) > 0 || scaled.stripTrailingZeros().scale() > 0) {
            throw new Facet.Unfit("a number that is too large, or too exact");
        }
        return scaled.longValueExact();
    }

    /** The smallest scaled number that is greater than or equal to the given one. */
    static long ceiling(BigDecimal number) {
        return bounded(number.movePointRight(SCALE).setScale(0, RoundingMode.CEILING));
    }

    /** The smallest scaled number that is greater than the given one. */
    static long above(BigDecimal number) {
        return bounded(
                number.movePointRight(SCALE).setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE));
    }

    private static long bounded(BigDecimal number) {
        BigDecimal beyond = MOST.add(BigDecimal.ONE);
        return number.min(beyond).max(beyond.negate()).longValueExact();
    }

    @Override
    public void load(int ordinal, Object value) throws Facet.Unfit {
        long number = reading.of(value);
        java.util.Objects.requireNonNull(loaded)[ordinal] = number;
        least = Math.min(least, number);
        most = Math.max(most, number);
    }

    /** 0 stands for no number, and 1 for the smallest one. */
    @Override
    public void seal(int contacts) {
        long[] numbers = java.util.Objects.requireNonNull(loaded);
        this.contacts = contacts;
        if (least <= most) {
            RangeBitmap.Appender appender = RangeBitmap.appender(most - least + 1);
            for (int ordinal = 0; ordinal < contacts; ordinal++) {
                appender.add(numbers[ordinal] == ABSENT ? 0 : numbers[ordinal] - least + 1);
            }
            bytes = appender.serializedSizeInBytes();
            range = appender.build();
        }
        loaded = null;
    }

    @Override
    public void change(int ordinal, @Nullable Object value) throws Facet.Unfit {
        long number = value == null ? ABSENT : reading.of(value);
        changed.add(ordinal);
        if (number == ABSENT) {
            changes.remove(ordinal);
        } else {
            changes.put(ordinal, number);
        }
    }

    /** The contacts with a number in {@code [from, before)}. The caller owns the result. */
    RoaringBitmap between(long from, long before) {
        long low = Math.max(from, least);
        long high = Math.min(before - 1, most);
        RoaringBitmap found =
                range == null || low > high
                        ? new RoaringBitmap()
                        : range.between(low - least + 1, high - least + 1);
        if (!changed.isEmpty()) {
            found.andNot(changed);
            changes.forEach(
                    (ordinal, number) -> {
                        if (number >= from && number < before) {
                            found.add(ordinal);
                        }
                    });
        }
        return found;
    }

    /** The contacts that have a number. The caller owns the result. */
    RoaringBitmap any() {
        return between(ABSENT + 1, Long.MAX_VALUE);
    }

    @Override
    public long bytes() {
        return bytes + (long) BYTES_A_CHANGE * changed.getCardinality();
    }

    @Override
    public boolean needsReload() {
        return changed.getCardinality() > Math.max(RELOAD_THRESHOLD, contacts / 20);
    }
}
