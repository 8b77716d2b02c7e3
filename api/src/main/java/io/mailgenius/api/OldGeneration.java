package io.mailgenius.api;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Set;
import javax.management.NotificationEmitter;

/**
 * Where objects go that have lived for a while. The serial and the parallel collector let it grow
 * to all that the heap may ever have before they look what in it is dead, which by default is a
 * quarter of the machine. Here it is looked through when it has grown by a quarter over what was
 * alive.
 */
public final class OldGeneration {

    /** As the two collectors call it; the others look after theirs themselves. */
    private static final Set<String> NAMES = Set.of("Tenured Gen", "PS Old Gen");

    private OldGeneration() {}

    /** From now on, in this process. */
    public static void collectBeforeItGrows() {
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> NAMES.contains(pool.getName()) && pool.isUsageThresholdSupported())
                .findFirst()
                .ifPresent(OldGeneration::watch);
    }

    private static void watch(MemoryPoolMXBean pool) {
        long atFirst = pool.getUsage().getCommitted();
        NotificationEmitter memory = (NotificationEmitter) ManagementFactory.getMemoryMXBean();
        memory.addNotificationListener(
                (notification, none) -> {
                    if (MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED.equals(
                            notification.getType())) {
                        System.gc();
                        expect(pool, atFirst);
                    }
                },
                null,
                null);
        expect(pool, atFirst);
    }

    private static void expect(MemoryPoolMXBean pool, long atFirst) {
        MemoryUsage now = pool.getUsage();
        pool.setUsageThreshold(threshold(atFirst, now.getUsed(), now.getMax()));
    }

    /**
     * @param max the most that there will ever be, and the collector's own business; -1 if nobody
     *     knows
     */
    static long threshold(long atFirst, long alive, long max) {
        long wanted = Math.max(atFirst, alive + alive / 4);
        return max < 0 ? wanted : Math.min(wanted, max);
    }
}
