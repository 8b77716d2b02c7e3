package io.mailgenius.jobs.contacts;

import java.util.List;

/** What is known about the contacts of a page before it is read. */
sealed interface Candidates {

    /** Above this number, ids are not looked up one by one. */
    int MANY = 5_000;

    /** The ids of all candidates, which the query looks up. */
    record Few(List<Long> ids) implements Candidates {}

    /**
     * Candidates of an index in memory. The query adds the contacts that have changed since the
     * index was read, and stops at the id up to which the index is complete.
     */
    record Indexed(ContactParts.Found found) implements Candidates {}

    /**
     * More than {@link #MANY}. The query reads contacts in the order of ids, because matches are
     * dense enough to fill a page soon.
     */
    record Many() implements Candidates {}

    /**
     * Neither a prefix nor an index limits the contacts. The query reads them in the order of ids.
     */
    record NotKnown() implements Candidates {}
}
