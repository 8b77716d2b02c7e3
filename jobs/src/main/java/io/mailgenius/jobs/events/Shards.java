package io.mailgenius.jobs.events;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Events of one contact go into one shard, so that those who count different shards never wait for
 * each other. Batches keep to one.
 */
public final class Shards {

    /** More would let more cores write at once, and cut what comes in small pieces smaller. */
    public static final int NUMBER = 4;

    /** Of batches from before there were shards. */
    public static final int MIXED = -1;

    /** Of none and all of them, to whoever counts so little that to divide it would cost more. */
    public static final int ANY = -2;

    /** Of each one after the other. */
    public static final int IN_TURN = -3;

    private Shards() {}

    public static List<Integer> all() {
        return IntStream.range(MIXED, NUMBER).boxed().toList();
    }

    static int of(@Nullable Long contact) {
        return contact == null ? 0 : Math.floorMod(contact, NUMBER);
    }
}
