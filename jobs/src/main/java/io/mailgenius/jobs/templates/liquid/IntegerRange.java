package io.mailgenius.jobs.templates.liquid;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A range such as {@code (1..3)}. Its numbers are created lazily. */
public record IntegerRange(long first, long last) {

    /** Limited to the largest size of a list; the loop limit is far below. */
    int size() {
        if (last < first) {
            return 0;
        }
        long size = last - first + 1;
        return size <= 0 ? Integer.MAX_VALUE : (int) Math.min(size, Integer.MAX_VALUE);
    }

    List<Object> asList() {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return first + index;
            }

            @Override
            public int size() {
                return IntegerRange.this.size();
            }
        };
    }

    @Nullable Object member(String name) {
        return switch (name) {
            case "size" -> size();
            case "first" -> first;
            case "last" -> last;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return first + ".." + last;
    }
}
