package io.mailgenius.jobs.events;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Events of one contact go into one shard, so that those who count different shards never wait for
 * each other. Batches keep to one. Neighbours share a shard, or those who count different ones
 * would still meet on every page of an index.
 */
public final class EventShards {

    /** More would let more cores write at once, and cut what comes in small pieces smaller. */
    public static final int NUMBER = 4;

    /** Lower numbers were given when each contact was of another shard than its neighbours. */
    public static final int FIRST = 4;

    /** So many contacts with ids that follow each other are neighbours. */
    public static final int NEIGHBOURS = 1024;

    /** Of batches from before there were shards. */
    public static final int MIXED = -1;

    /** Of none and all of them, to whoever counts so little that to divide it would cost more. */
    public static final int ANY = -2;

    /** Of each one after the other. */
    public static final int IN_TURN = -3;

    private EventShards() {}

    /** Those of earlier programs among them, whose nodes may still run. */
    public static List<Integer> all() {
        return IntStream.range(MIXED, FIRST + NUMBER).boxed().toList();
    }

    /** Whether nobody may count one of these beside any other: its contacts may be of all. */
    public static boolean isAlone(int shard) {
        return shard < FIRST;
    }

    static int of(@Nullable Long contact) {
        return contact == null
                ? FIRST
                : FIRST + Math.floorMod(Math.floorDiv(contact, NEIGHBOURS), NUMBER);
    }
}
