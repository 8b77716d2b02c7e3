package io.mailgenius.jobs.search;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** The contacts for which a condition is true. */
final class BooleanColumnIndex implements Facet.ColumnIndex {

    private final RoaringBitmap holders = new RoaringBitmap();

    @Override
    public void load(int ordinal, Object value) {
        holders.add(ordinal);
    }

    @Override
    public void seal(int contacts) {
        holders.runOptimize();
    }

    @Override
    public void change(int ordinal, @Nullable Object value) {
        if (value == null) {
            holders.remove(ordinal);
        } else {
            holders.add(ordinal);
        }
    }

    /** The internal bitmap; callers must not change it. */
    RoaringBitmap holders() {
        return holders;
    }

    @Override
    public long bytes() {
        return holders.getLongSizeInBytes() + 64;
    }

    @Override
    public boolean needsReload() {
        return false;
    }
}
