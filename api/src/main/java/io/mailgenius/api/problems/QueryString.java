package io.mailgenius.api.problems;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Validates the query string with Tomcat's own parser before any parameter is accessed. Otherwise a
 * filter may access one first, where Tomcat's exception is not translated, and the access would
 * read a form body as well.
 */
final class QueryString {

    /** Tomcat's limit of parameters. */
    private static final int MOST = 1_000;

    private QueryString() {}

    /**
     * @throws InvalidParameterException if it is malformed
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid if it contains text that cannot be
     *     stored
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
