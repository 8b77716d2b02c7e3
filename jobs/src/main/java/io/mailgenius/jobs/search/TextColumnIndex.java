package io.mailgenius.jobs.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/**
 * A text column with a dictionary and a bitmap per distinct text. The dictionary code of each
 * contact is kept as well, so that a change clears the right bitmap.
 */
final class TextColumnIndex implements Facet.ColumnIndex {

    /** The number of codes of a {@code char}; 0 means no text. */
    static final int MOST = 65_535;

    private static final int BYTES_A_TEXT = 200;

    private final Map<String, Integer> codes = new HashMap<>();
    private final List<String> texts = new ArrayList<>(List.of(""));
    private final List<RoaringBitmap> holders = new ArrayList<>(List.of(new RoaringBitmap()));
    private char[] byContact;
    private long bytes;

    TextColumnIndex(int contacts) {
        byContact = new char[contacts];
    }

    @Override
    public void load(int ordinal, Object value) throws Facet.Unfit {
        byContact[ordinal] = code((String) value);
    }

    private char code(String text) throws Facet.Unfit {
        Integer known = codes.get(text);
        if (known != null) {
            return (char) known.intValue();
        }
        if (codes.size() == MOST) {
            throw new Facet.Unfit("more than " + MOST + " different texts");
        }
        codes.put(text, texts.size());
        texts.add(text);
        holders.add(new RoaringBitmap());
        return (char) (texts.size() - 1);
    }

    @Override
    public void seal(int contacts) {
        for (int ordinal = 0; ordinal < contacts; ordinal++) {
            if (byContact[ordinal] != 0) {
                holders.get(byContact[ordinal]).add(ordinal);
            }
        }
        bytes = measured();
    }

    private long measured() {
        long measured = 2L * byContact.length + (long) BYTES_A_TEXT * texts.size();
        for (RoaringBitmap holder : holders) {
            measured += holder.getLongSizeInBytes();
        }
        return measured;
    }

    @Override
    public void change(int ordinal, @Nullable Object value) throws Facet.Unfit {
        char code = value == null ? 0 : code((String) value);
        if (ordinal >= byContact.length) {
            byContact = Arrays.copyOf(byContact, ordinal + ordinal / 8 + 1024);
        }
        char before = byContact[ordinal];
        if (before == code) {
            return;
        }
        if (before != 0) {
            holders.get(before).remove(ordinal);
        }
        if (code != 0) {
            holders.get(code).add(ordinal);
        }
        byContact[ordinal] = code;
    }

    /** The contacts that have one of the texts. Callers must not change the result. */
    RoaringBitmap having(List<String> wanted) {
        List<RoaringBitmap> found = new ArrayList<>();
        for (String text : wanted) {
            Integer code = codes.get(text);
            if (code != null) {
                found.add(holders.get(code));
            }
        }
        return either(found);
    }

    /** The contacts whose text satisfies the predicate. Callers must not change the result. */
    RoaringBitmap having(Predicate<String> wanted) {
        List<RoaringBitmap> found = new ArrayList<>();
        for (int code = 1; code < texts.size(); code++) {
            if (wanted.test(texts.get(code))) {
                found.add(holders.get(code));
            }
        }
        return either(found);
    }

    private static RoaringBitmap either(List<RoaringBitmap> found) {
        return found.size() == 1 ? found.getFirst() : FastAggregation.or(found.iterator());
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Texts without contacts stay in the dictionary until the column is reloaded. */
    @Override
    public boolean needsReload() {
        return false;
    }
}
