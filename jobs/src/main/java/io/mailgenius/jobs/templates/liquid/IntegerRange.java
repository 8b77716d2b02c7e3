package io.mailgenius.jobs.templates.liquid;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code (1..3)}: its numbers are made when somebody asks for them. */
public record IntegerRange(long first, long last) {

    /** No list is longer; nobody may walk over such a one anyway. */
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
