package io.mailgenius.jobs.contacts;

import java.util.List;
import java.util.Optional;

/**
 * Knows whose address or name has a part without reading all contacts. A node may have one: it
 * stands further to the right on the line, so it is handed to {@link Contacts} by this name.
 */
public interface ContactParts {

    /**
     * @param ids of those that may have it, the lowest first; whether they do, the contact says
     * @param seen whoever has changed in this transaction or a later one may have it as well
     * @param through up to which id nobody is left out; the highest that there is, if nobody is at
     *     all
     */
    record Found(List<Long> ids, long seen, long through) {

        public boolean isAll() {
            return through == Long.MAX_VALUE;
        }
    }

    /**
     * At once, out of memory.
     *
     * @param part in lower case
     * @param after only ids above it
     * @param most so many ids
     * @return nothing, if the contacts had better be read
     */
    Optional<Found> having(String part, long after, int most);
}
