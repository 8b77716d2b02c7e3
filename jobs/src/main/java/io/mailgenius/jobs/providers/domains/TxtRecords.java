package io.mailgenius.jobs.providers.domains;

import java.io.IOException;
import java.util.List;

/** Looks up TXT records in the DNS. */
public interface TxtRecords {

    /**
     * @param name without a dot at its end
     * @return the texts of all records, none if there are none; takes seconds at most
     * @throws IOException if no server has answered, so that nothing is known
     */
    List<String> of(String name) throws IOException;
}
