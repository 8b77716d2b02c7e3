package io.mailgenius.jobs.delivery;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The keys of a chunk's batches that were refused as a whole. Each is written down before its
 * halves go out under keys of their own: after a crash the whole is not offered again, which a
 * provider that has changed its mind would take beside the halves.
 */
final class RefusedBatches {

    private final Set<String> keys;
    private final Consumer<Set<String>> write;

    /**
     * @param before what earlier attempts have written
     * @param write makes all of them durable
     */
    RefusedBatches(Collection<String> before, Consumer<Set<String>> write) {
        this.keys = new HashSet<>(before);
        this.write = write;
    }

    boolean contains(String key) {
        return keys.contains(key);
    }

    void add(String key) {
        if (keys.add(key)) {
            write.accept(keys);
        }
    }
}
