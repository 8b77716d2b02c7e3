package io.mailgenius.jobs.events;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Assigns the events of a contact to a shard, so that workers on different shards never wait for
 * each other. A batch belongs to one shard. Contacts with adjacent ids share a shard, because
 * otherwise workers on different shards would contend for the same index pages.
 */
public final class EventShards {

    /** More shards would let more cores write in parallel, but make the batches smaller. */
    public static final int NUMBER = 4;

    /**
     * Lower numbers belong to the former assignment, where adjacent contacts had different shards.
     */
    public static final int FIRST = 4;

    /** The number of adjacent contact ids that share a shard. */
    public static final int NEIGHBOURS = 1024;

    /** Batches that were written before shards existed. */
    public static final int MIXED = -1;

    /** All shards at once, for so few events that splitting them would cost more than it saves. */
    public static final int ANY = -2;

    /** The shards in rotation. */
    public static final int ROTATING = -3;

    private EventShards() {}

    /** Includes the former shards, because nodes of an earlier version may still be running. */
    public static List<Integer> all() {
        return IntStream.range(MIXED, FIRST + NUMBER).boxed().toList();
    }

    /**
     * Whether the shard must be counted exclusively, because its contacts may belong to any shard.
     */
    public static boolean isExclusive(int shard) {
        return shard < FIRST;
    }

    static int of(@Nullable Long contact) {
        return contact == null
                ? FIRST
                : FIRST + Math.floorMod(Math.floorDiv(contact, NEIGHBOURS), NUMBER);
    }
}
