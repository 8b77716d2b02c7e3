package io.mailgenius.schema;

/** Where a chunk stands in the ledger; {@code HELD} was READY when its job was told to stop. */
public enum ChunkState {
    READY,
    CLAIMED,
    HELD,
    DONE,
    FAILED
}
