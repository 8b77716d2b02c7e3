package io.mailgenius.jobs.analytics;

/** How long a point of a series is. */
public enum Bucket {
    HOUR,
    DAY,
    WEEK,
    MONTH
}
