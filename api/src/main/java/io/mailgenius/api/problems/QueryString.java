package io.mailgenius.api.problems;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Tomcat's limit for the number of parameters. */
    private static final int MOST = 1_000;

    private QueryString() {}

    /**
     * @throws InvalidParameterException if it is malformed
     * @throws io.mailgenius.jobs.workspaces.Refusal.Invalid if it contains text that cannot be
     *     stored
     */
    static void require(@Nullable String query) {
        if (query != null && !query.isEmpty()) {
            read(query)
                    .forEach(
                            (name, values) -> {
                                StorableText.require("The name of a parameter", name);
                                values.forEach(
                                        it ->
                                                StorableText.require(
                                                        "The parameter \"" + name + "\"", it));
                            });
        }
    }

    /**
     * @throws InvalidParameterException if it cannot be read
     */
    static Map<String, List<String>> read(String query) {
        MessageBytes bytes = MessageBytes.newInstance();
        bytes.setString(query);
        Parameters parameters = new Parameters();
        parameters.setLimit(MOST);
        parameters.setQueryStringCharset(StandardCharsets.UTF_8);
        parameters.setQuery(bytes);
        parameters.handleQueryParameters();
        Map<String, List<String>> read = new LinkedHashMap<>();
        for (String name : Collections.list(parameters.getParameterNames())) {
            read.put(name, List.of(parameters.getParameterValues(name)));
        }
        return read;
    }
}
