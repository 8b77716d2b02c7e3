package io.mailgenius.jobs.providers.sandbox;

import java.util.Optional;
import java.util.UUID;

/**
 * A mail's place in the shape of a UUID: 48 bits of batch, the version (8, a custom layout), 12
 * bits of index, the variant, and 62 bits that are derived from the others and tell our ids from
 * others.
 */
record MailId(long batch, int index) {

    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    UUID uuid() {
        long high = batch << 16 | VERSION | index;
        return new UUID(high, VARIANT | SeededChance.mixed(high) >>> 2);
    }

    static Optional<MailId> parse(UUID uuid) {
        long high = uuid.getMostSignificantBits();
        MailId id = new MailId(high >>> 16, (int) (high & 0xFFF));
        return id.uuid().equals(uuid) ? Optional.of(id) : Optional.empty();
    }
}
