package io.mailgenius.api;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Set;
import javax.management.NotificationEmitter;

/**
 * Keeps the heap small: asks for a collection of the old generation when it has grown by a quarter
 * over what was alive after the last one. The serial and the parallel collector would otherwise let
 * it grow to the maximum heap size first, a quarter of the machine by default, and no JVM option
 * makes them collect it earlier (ADR 15).
 */
public final class OldGeneration {

    /** The names of the memory pools of the two collectors; other collectors do not need this. */
    private static final Set<String> NAMES = Set.of("Tenured Gen", "PS Old Gen");

    private OldGeneration() {}

    /** Enables the trigger in this process. */
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
                        // The only request for a collection that these collectors accept.
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
     * @param max the maximum size of the pool, at which the collector acts by itself; -1 if
     *     undefined
     */
    static long threshold(long atFirst, long alive, long max) {
        long wanted = Math.max(atFirst, alive + alive / 4);
        return max < 0 ? wanted : Math.min(wanted, max);
    }
}
