package io.mailgenius.schema;

/** Whether the members of a segment are written down. */
public enum SegmentStatus {
    BUILDING,
    READY,
    FAILED
}
