package io.mailgenius.bench.load;

import java.time.Instant;

/** A sequence of requests, each computed from its number. */
public interface NumberedRequests {

    /** The request as bytes on the wire. */
    byte[] request(long number, String host, Instant sent);

    /**
     * Whether a response settles the request; otherwise it is sent again.
     *
     * @param location the target of a redirect; empty if there is none
     */
    boolean settles(long number, int status, String location);
}
