package io.mailgenius.bench.load;

import java.time.Instant;

/** Any number of requests, each made anew from its own number. */
public interface NumberedRequests {

    /** The whole request, as it goes over the wire. */
    byte[] request(long number, String host, Instant sent);

    /**
     * Whether an answer ends it; if not, it is sent again.
     *
     * @param location where it sends on to; empty if nowhere
     */
    boolean settles(long number, int status, String location);
}
