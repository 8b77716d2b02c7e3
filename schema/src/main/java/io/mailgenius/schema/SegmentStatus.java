package io.mailgenius.schema;

/** The states of a segment's members. */
public enum SegmentStatus {
    BUILDING,
    READY,
    FAILED
}
