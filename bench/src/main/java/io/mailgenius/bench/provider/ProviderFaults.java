package io.mailgenius.bench.provider;

import java.util.Map;

/**
 * Which requests fail, and how. The choice depends on the seed, the idempotency key and how often
 * the key was used, but not on the sender or the time.
 *
 * @param perThousand of a thousand requests, how many fail in each way; the others succeed
 */
public record ProviderFaults(long seed, Map<ProviderFault, Integer> perThousand) {

    private static final int ALL = 1000;

    public ProviderFaults {
        perThousand = Map.copyOf(perThousand);
        if (perThousand.values().stream().mapToInt(Integer::intValue).sum() > ALL) {
            throw new IllegalArgumentException("More than a thousand of a thousand fail");
        }
    }

    public static ProviderFaults none() {
        return new ProviderFaults(0, Map.of());
    }

    ProviderFault draw(String key, int time) {
        long dice = Math.floorMod(mix(mix(seed + key.hashCode()) + time), (long) ALL);
        for (ProviderFault providerFault : ProviderFault.values()) {
            dice -= perThousand.getOrDefault(providerFault, 0);
            if (dice < 0) {
                return providerFault;
            }
        }
        return ProviderFault.NONE;
    }

    /** Whether the mails are accepted before the delayed response, or only with it. */
    boolean acceptsAtOnce(String key) {
        return (mix(seed ^ ~key.hashCode()) & 1) == 0;
    }

    /** SplittableRandom's mixer, so that similar keys have unrelated results. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
