package io.mailgenius.schema;

/** The states of a chunk; {@code HELD} was READY when a stop of its job was requested. */
public enum ChunkState {
    READY,
    CLAIMED,
    HELD,
    DONE,
    FAILED
}
