package io.mailgenius.bench.provider;

/** How the provider fails a request, if it does. */
public enum ProviderFault {
    /** It does not. */
    NONE,
    /** 500 without having accepted anything. */
    ERROR,
    /** 503 without having accepted anything. */
    BUSY,
    /** 429 with {@code retry-after}. */
    TOO_FAST,
    /** Accepts, then 500. */
    ERROR_AFTER,
    /** Accepts, then cuts the connection. */
    CUT_AFTER,
    /** Accepts, then answers later than any client waits. */
    SLOW_AFTER
}
