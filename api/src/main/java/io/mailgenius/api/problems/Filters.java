package io.mailgenius.api.problems;

import org.springframework.core.Ordered;

/**
 * The order of what stands before Spring's own filters, each of which may read a body or a
 * parameter. Only the character encoding and what is {@code EarlyEndpoint} come before.
 */
final class Filters {

    static final int BODY_LIMIT = Ordered.HIGHEST_PRECEDENCE + 10;
    static final int READABLE_REQUESTS = Ordered.HIGHEST_PRECEDENCE + 11;
    static final int FORWARDED_HEADERS = Ordered.HIGHEST_PRECEDENCE + 12;

    private Filters() {}
}
