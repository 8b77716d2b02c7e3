package io.mailgenius.jobs.contacts;

import java.util.List;
import java.util.Optional;

/**
 * An index that finds contacts by a part of their address or name without reading all contacts. A
 * node may have one. Its implementation is in a package to the right on the package line, so {@link
 * Contacts} gets it through this interface.
 */
public interface ContactParts {

    /**
     * @param ids candidates in ascending order; the query compares each with the part
     * @param seen contacts that changed in this transaction or a later one are candidates too
     * @param through the highest id up to which the candidates are complete; {@link Long#MAX_VALUE}
     *     if there are no more
     */
    record Found(List<Long> ids, long seen, long through) {

        public boolean isAll() {
            return through == Long.MAX_VALUE;
        }
    }

    /**
     * Answers from memory, without waiting.
     *
     * @param part in lower case
     * @param after only ids above this one
     * @param most the highest number of ids
     * @return empty if reading the contacts is faster
     */
    Optional<Found> having(String part, long after, int most);
}
