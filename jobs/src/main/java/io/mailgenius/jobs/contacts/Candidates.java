package io.mailgenius.jobs.contacts;

import java.util.List;

/** What is known, before a page is read, about the contacts that may belong on it. */
sealed interface Candidates {

    /** More ids than these are not looked up one by one. */
    int MANY = 5_000;

    /** All candidates by id. The query looks them up by their ids. */
    record Few(List<Long> ids) implements Candidates {}

    /**
     * Candidates of an index in memory. The query adds the contacts that have changed since the
     * index was read, and reads up to the id to which the index is complete.
     */
    record Indexed(ContactParts.Found found) implements Candidates {}

    /**
     * More than {@link #MANY}. They lie close together in the order of ids, so that the query finds
     * a page of them soon by reading contacts in that order.
     */
    record Many() implements Candidates {}

    /** No prefix and no index limits them. The query reads contacts in the order of ids. */
    record NotKnown() implements Candidates {}
}
