package io.mailgenius.bench.provider;

/** What everybody is answered while the provider, or what stands before it, is broken. */
public enum Nonsense {
    /** 200 and a page that says nothing, as of a proxy; nothing was accepted. */
    PAGE,
    /** 500 and a page; nothing was accepted. */
    ERROR_PAGE,
    /** Accepts, and its answer's JSON ends in the middle. */
    TRUNCATED,
    /** Accepts, and answers after 75 seconds, when nobody waits any more. */
    LATE
}
