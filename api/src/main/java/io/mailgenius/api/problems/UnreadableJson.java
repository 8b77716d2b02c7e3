package io.mailgenius.api.problems;

import io.mailgenius.jobs.workspaces.Refusal;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Describes JSON errors with their position and without names of Java classes. */
final class UnreadableJson {

    private UnreadableJson() {}

    static Problem problem(HttpMessageNotReadableException unreadable) {
        // Jackson wraps exceptions of the underlying stream, so those are checked first.
        for (Throwable t = unreadable.getCause(); t != null; t = t.getCause()) {
            if (t instanceof BodyTooLarge large) {
                return Translation.of(large);
            }
        }
        for (Throwable t = unreadable.getCause(); t != null; t = t.getCause()) {
            if (t instanceof JacksonException json) {
                return problem(json);
            }
        }
        return Problem.of(
                400, "json-missing", "The body is missing", "Send a JSON object as the body.");
    }

    static Problem problem(JacksonException json) {
        // An exception of a record's constructor has the message for the caller.
        for (Throwable t = json.getCause(); t != null; t = t.getCause()) {
            if (t instanceof Refusal refusal) {
                return Translation.of(refusal);
            }
        }
        String path = path(json);
        return switch (json) {
            case InputCoercionException _ -> misshapen(json, path);
            case StreamReadException _ ->
                    unreadable("The body is not JSON" + place(json) + ": mend it there.", null);
            case UnrecognizedPropertyException unknown ->
                    unreadable(
                            "There is no property \"" + path + "\"" + place(json) + known(unknown),
                            new Problem.Field(path, "is not known"));
            case InvalidFormatException format when format.getTargetType().isEnum() ->
                    unreadable(
                            "\"" + path + "\" must be one of " + words(format) + place(json) + ".",
                            new Problem.Field(path, "must be one of " + words(format)));
            case InvalidNullException _ -> missing(json, path);
            case MismatchedInputException mismatch when isMissing(mismatch) -> missing(json, path);
            case JacksonException _ -> misshapen(json, path);
        };
    }

    /** Jackson has no exception type for a missing property. */
    private static boolean isMissing(MismatchedInputException mismatch) {
        String message = mismatch.getOriginalMessage();
        return message != null && message.startsWith("Missing required creator property");
    }

    /** The property may be misspelt, so the message lists all known ones. */
    private static Problem missing(JacksonException json, String path) {
        Class<?> target = json instanceof MismatchedInputException m ? m.getTargetType() : null;
        String known =
                target == null || !target.isRecord()
                        ? ""
                        : ": its properties are "
                                + Arrays.stream(target.getRecordComponents())
                                        .map(RecordComponent::getName)
                                        .collect(Collectors.joining(", "));
        return unreadable(
                "The property \"" + path + "\" is missing" + known + ".",
                new Problem.Field(path, "is missing"));
    }

    private static Problem misshapen(JacksonException json, String path) {
        if (path.isEmpty()) {
            return unreadable(
                    "The body has another form than is asked for: see /v3/api-docs.", null);
        }
        return unreadable(
                "The value of \""
                        + path
                        + "\""
                        + place(json)
                        + " has another form than is asked for: see /v3/api-docs.",
                new Problem.Field(path, "has the wrong form"));
    }

    private static Problem unreadable(String detail, Problem.@Nullable Field field) {
        Problem problem = Problem.of(400, "json-unreadable", "The body cannot be read", detail);
        return field == null ? problem : problem.with(List.of(field));
    }

    private static String path(JacksonException json) {
        return json.getPath().stream()
                .map(
                        step ->
                                step.getPropertyName() == null
                                        ? "[" + step.getIndex() + "]"
                                        : "." + step.getPropertyName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    private static String place(JacksonException json) {
        TokenStreamLocation at = json.getLocation();
        return at == null || at.getLineNr() < 1
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static String known(UnrecognizedPropertyException unknown) {
        var known = unknown.getKnownPropertyIds();
        return known == null || known.isEmpty()
                ? "."
                : ": choose from "
                        + known.stream()
                                .map(Object::toString)
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + ".";
    }

    private static String words(InvalidFormatException format) {
        return List.of(format.getTargetType().getEnumConstants()).stream()
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }
}
