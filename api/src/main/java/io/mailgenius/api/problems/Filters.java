package io.mailgenius.api.problems;

import org.springframework.core.Ordered;

/**
 * The order of the filters that run before Spring's own filters, which may read a body or a
 * parameter. Only the character encoding filter and {@code EarlyEndpoint}s come before them.
 */
final class Filters {

    static final int BODY_LIMIT = Ordered.HIGHEST_PRECEDENCE + 10;
    static final int READABLE_REQUESTS = Ordered.HIGHEST_PRECEDENCE + 11;
    static final int FORWARDED_HEADERS = Ordered.HIGHEST_PRECEDENCE + 12;

    private Filters() {}
}
