package io.mailgenius.bench.provider;

/** How the provider fails a request. */
public enum ProviderFault {
    /** No fault. */
    NONE,
    /** 500 without accepting anything. */
    ERROR,
    /** 503 without accepting anything. */
    BUSY,
    /** 429 with {@code retry-after}. */
    TOO_FAST,
    /** Accepts, then 500. */
    ERROR_AFTER,
    /** Accepts, then closes the connection. */
    CUT_AFTER,
    /** Accepts, then responds later than any client waits. */
    SLOW_AFTER
}
