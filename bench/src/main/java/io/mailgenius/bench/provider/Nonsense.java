package io.mailgenius.bench.provider;

/** The response to all requests while the provider, or a proxy in front of it, is broken. */
public enum Nonsense {
    /** 200 and a page without information, as from a proxy; nothing was accepted. */
    PAGE,
    /** 500 and a page; nothing was accepted. */
    ERROR_PAGE,
    /** Accepts, and the JSON of the response is truncated. */
    TRUNCATED,
    /** Accepts, and responds after 75 seconds, when the client has given up. */
    LATE
}
