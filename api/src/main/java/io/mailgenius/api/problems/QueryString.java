package io.mailgenius.api.problems;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * A query string, read by Tomcat's own parser before anybody asks for a parameter. Whoever asks
 * first may be a filter, where nobody translates what Tomcat throws; and by then a form of the body
 * is read with it.
 */
final class QueryString {

    /** As many as Tomcat reads of a request. */
    private static final int MOST = 1_000;

    private QueryString() {}

    /**
     * @throws InvalidParameterException if it cannot be read
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid if it has text that cannot be stored
     */
    static void require(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return;
        }
        MessageBytes bytes = MessageBytes.newInstance();
        bytes.setString(query);
        Parameters parameters = new Parameters();
        parameters.setLimit(MOST);
        parameters.setQueryStringCharset(StandardCharsets.UTF_8);
        parameters.setQuery(bytes);
        parameters.handleQueryParameters();
        for (String name : Collections.list(parameters.getParameterNames())) {
            StorableText.require("The name of a parameter", name);
            for (String value : parameters.getParameterValues(name)) {
                StorableText.require("The parameter \"" + name + "\"", value);
            }
        }
    }
}
