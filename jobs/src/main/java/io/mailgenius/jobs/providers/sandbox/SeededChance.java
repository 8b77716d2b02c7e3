package io.mailgenius.jobs.providers.sandbox;

import java.util.UUID;

/** Random numbers that are the same for the same mail, at any time and on any node. */
final class SeededChance {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;

    SeededChance(UUID mail) {
        this.seed = mixed(mail.getMostSignificantBits() ^ mail.getLeastSignificantBits());
    }

    /** From 0 (inclusive) to 1 (exclusive); a different number for each purpose. */
    double of(int question) {
        return (mixed(seed + question * GOLDEN) >>> 11) * 0x1.0p-53;
    }

    /** From 0 to {@code bound - 1}. */
    int of(int question, int bound) {
        return (int) (of(question) * bound);
    }

    /** The finalizer of SplitMix64: each bit of the input changes half of the output's bits. */
    static long mixed(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
