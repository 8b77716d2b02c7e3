package io.mailgenius.jobs.search;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Texts for substring searches: their bytes in one array, and an n-gram index of the blocks that
 * may match. A changed text is appended, and its old bytes become garbage.
 */
final class SubstringColumnIndex implements Facet.ColumnIndex {

    /** Half of the maximum array size, because the array grows by copying. */
    private static final int MOST = 1 << 30;

    private byte[] bytes;
    private int end;
    private int[] from;
    private int[] length;
    private final int[] often = new int[256];
    private final NgramIndex ngramIndex;
    private long lost;

    SubstringColumnIndex(int contacts) {
        bytes = new byte[(int) Math.min(MOST, 48L * contacts + 1024)];
        from = new int[contacts + 1024];
        length = new int[contacts + 1024];
        ngramIndex = new NgramIndex(contacts + 1024);
    }

    @Override
    public void load(int ordinal, Object value) throws Facet.Unfit {
        byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
        if ((long) end + text.length > MOST) {
            throw new Facet.Unfit("more than a gigabyte of texts");
        }
        if (end + text.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(MOST, end + end / 8 + text.length + 1024L));
        }
        if (ordinal >= from.length) {
            int more = ordinal + ordinal / 8 + 1024;
            from = Arrays.copyOf(from, more);
            length = Arrays.copyOf(length, more);
        }
        System.arraycopy(text, 0, bytes, end, text.length);
        for (byte b : text) {
            often[b & 0xff]++;
        }
        ngramIndex.add(ordinal, text);
        lost += length[ordinal];
        from[ordinal] = end;
        length[ordinal] = text.length;
        end += text.length;
    }

    @Override
    public void seal(int contacts) {
        bytes = Arrays.copyOf(bytes, end);
    }

    @Override
    public void change(int ordinal, @Nullable Object value) throws Facet.Unfit {
        if (value != null) {
            load(ordinal, value);
        } else if (ordinal < length.length) {
            lost += length[ordinal];
            length[ordinal] = 0;
        }
    }

    /**
     * Passes the ordinals of matches to {@code found} until it returns false. Comparing UTF-8 bytes
     * is equivalent to comparing characters.
     */
    void having(byte[] part, int first, int before, IntPredicate found) {
        int stop = Math.min(before, length.length);
        if (part.length < NgramIndex.SHORTEST) {
            scan(part, first, stop, found);
            return;
        }
        long[][] rows = ngramIndex.of(part);
        int together = NgramIndex.BLOCK * Long.SIZE;
        for (int begin = first / together * together; begin < stop; begin += together) {
            for (long left = NgramIndex.inAll(rows, begin / together);
                    left != 0;
                    left &= left - 1) {
                int block = begin + NgramIndex.BLOCK * Long.numberOfTrailingZeros(left);
                int until = Math.min(stop, block + NgramIndex.BLOCK);
                if (!scan(part, Math.max(first, block), until, found)) {
                    return;
                }
            }
        }
    }

    /** Returns whether more matches are wanted. */
    private boolean scan(byte[] part, int first, int stop, IntPredicate found) {
        byte[] all = bytes;
        int probe = rarest(part);
        byte rare = part[probe];
        for (int ordinal = first; ordinal < stop; ordinal++) {
            int last = from[ordinal] + length[ordinal] - part.length + probe;
            for (int at = from[ordinal] + probe; at <= last; at++) {
                if (all[at] == rare && is(part, at - probe)) {
                    if (!found.test(ordinal)) {
                        return false;
                    }
                    break;
                }
            }
        }
        return true;
    }

    private boolean is(byte[] part, int at) {
        return Arrays.equals(bytes, at, at + part.length, part, 0, part.length);
    }

    /** The position of the rarest byte, which rejects most texts with one comparison per byte. */
    private int rarest(byte[] part) {
        int rarest = 0;
        for (int i = 1; i < part.length; i++) {
            rarest = often[part[i] & 0xff] < often[part[rarest] & 0xff] ? i : rarest;
        }
        return rarest;
    }

    @Override
    public long bytes() {
        return bytes.length + 4L * from.length + 4L * length.length + ngramIndex.bytes();
    }

    @Override
    public boolean needsReload() {
        return lost > Math.max(1 << 20, end / 4);
    }
}
