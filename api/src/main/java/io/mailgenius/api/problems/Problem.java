package io.mailgenius.api.problems;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem detail (RFC 9457).
 *
 * @param type {@code /problems/} and the problem code
 * @param detail states what the caller can do
 * @param problem a stable code for programs
 * @param errors the invalid fields, if any
 * @param id an id that is also in the log, for server errors
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String problem,
        @Nullable List<Field> errors,
        @Nullable String id) {

    static final String MEDIA_TYPE = "application/problem+json";

    public record Field(String field, String message) {}

    static Problem of(int status, String problem, String title, String detail) {
        return new Problem(
                "/problems/" + problem, title, status, detail, null, problem, null, null);
    }

    Problem at(String instance) {
        return new Problem(type, title, status, detail, instance, problem, errors, id);
    }

    Problem with(List<Field> fields) {
        return new Problem(type, title, status, detail, instance, problem, fields, id);
    }

    Problem with(String id) {
        return new Problem(type, title, status, detail, instance, problem, errors, id);
    }
}
