package io.mailgenius.api.problems;

import io.mailgenius.engine.failures.TransientFailure;
import io.mailgenius.engine.launching.LaunchRefused;
import io.mailgenius.jobs.workspaces.Refusal;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.validation.BindingResult;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Translates exceptions into problems. */
final class Translation {

    private Translation() {}

    static Problem of(Throwable thrown) {
        return switch (thrown) {
            case Refusal refusal -> refused(refusal);
            case ProblemFound found -> found.problem();
            case LaunchRefused refused ->
                    Problem.of(409, "job-state", "Not in this state", messageOf(refused) + ".");
            case AuthenticationException _ ->
                    Problem.of(
                            401,
                            "api-key-needed",
                            "An API key is needed",
                            "Send an API key or a token that is valid: Authorization: Bearer <key>.");
            case CsrfException _ ->
                    Problem.of(
                            403,
                            "session-ended",
                            "The session has ended",
                            "Load the page again, sign in if it asks you to, and repeat this.");
            case Unmapped unmapped -> of(unmapped.reason());
            case WorkspaceSuspended suspended ->
                    Problem.of(409, "workspace-suspended", "Suspended", messageOf(suspended));
            case AccessDeniedException denied ->
                    Problem.of(403, "scope-missing", "Not allowed", detailOf(denied));
            case UnreadablePart part -> UnreadableJson.problem(part.reason());
            case HttpMessageNotReadableException unreadable -> UnreadableJson.problem(unreadable);
            case MethodArgumentNotValidException invalid -> fields(invalid.getBindingResult());
            case HandlerMethodValidationException invalid -> parameters(invalid);
            case ConstraintViolationException invalid -> violations(invalid);
            case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
            case MissingServletRequestParameterException missing ->
                    Problem.of(
                            400,
                            "parameter-missing",
                            "A parameter is missing",
                            "Add the parameter \"" + missing.getParameterName() + "\".");
            case MissingServletRequestPartException missing ->
                    Problem.of(
                            400,
                            "part-missing",
                            "A part is missing",
                            "Send multipart/form-data with a part \""
                                    + missing.getRequestPartName()
                                    + "\".");
            case MaxUploadSizeExceededException _ -> tooLarge("The upload");
            case BodyTooLarge _ -> tooLarge("The body");
            case InvalidParameterException unreadable when unreadable.getErrorCode() == 413 ->
                    tooLarge("The form");
            case InvalidParameterException _ ->
                    Problem.of(
                            400,
                            "parameter-unreadable",
                            "A parameter cannot be read",
                            "Give each parameter a name, and encode names and values as UTF-8 with"
                                    + " % and two hexadecimal digits a byte.");
            case RequestRejectedException _ ->
                    Problem.of(
                            400,
                            "request-unreadable",
                            "The request cannot be read",
                            "Leave control characters out of headers, paths and names of"
                                    + " parameters.");
            case MultipartException _ ->
                    Problem.of(
                            400,
                            "multipart-unreadable",
                            "The request cannot be read",
                            "Send multipart/form-data with its boundary and all its parts.");
            case HttpRequestMethodNotSupportedException method -> method(method);
            case HttpMediaTypeNotSupportedException type -> mediaType(type);
            case HttpMediaTypeNotAcceptableException _ ->
                    Problem.of(
                            406,
                            "not-acceptable",
                            "No such representation",
                            "Accept application/json.");
            case NoResourceFoundException _ ->
                    Problem.of(
                            404,
                            "no-such-path",
                            "Nothing is here",
                            "Look the path up in /v3/api-docs.");
            case ErrorResponse other when other.getStatusCode().is4xxClientError() ->
                    ofStatus(other.getStatusCode().value());
            case Throwable other when TransientFailure.passing(other).isPresent() ->
                    Problem.of(
                            503,
                            "store-away",
                            "Not now",
                            "Try again in a few seconds: %s."
                                    .formatted(TransientFailure.passing(other).get()));
            case Throwable _ -> ofStatus(500);
        };
    }

    private static Problem refused(Refusal refusal) {
        return switch (refusal) {
            case Refusal.Invalid invalid -> refused(422, "This cannot be accepted", invalid);
            case Refusal.NotFound missing -> refused(404, "Not found", missing);
            case Refusal.Conflict conflict -> refused(409, "Not in this state", conflict);
        };
    }

    private static Problem refused(int status, String title, Refusal refusal) {
        return Problem.of(status, refusal.problem(), title, messageOf(refusal));
    }

    private static String messageOf(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? "No more is known." : message;
    }

    private static String detailOf(AccessDeniedException denied) {
        return denied instanceof ScopeMissing || denied instanceof SecondFactorNeeded
                ? messageOf(denied)
                : "This key or role does not allow it: use one that does.";
    }

    private static Problem fields(BindingResult result) {
        return invalid(
                result.getFieldErrors().stream()
                        .map(e -> new Problem.Field(e.getField(), said(e.getDefaultMessage())))
                        .toList());
    }

    private static Problem parameters(HandlerMethodValidationException invalid) {
        return invalid(
                invalid.getParameterValidationResults().stream()
                        .flatMap(
                                result ->
                                        result.getResolvableErrors().stream()
                                                .map(
                                                        e ->
                                                                new Problem.Field(
                                                                        name(
                                                                                result.getMethodParameter()
                                                                                        .getParameterName()),
                                                                        said(
                                                                                e
                                                                                        .getDefaultMessage()))))
                        .toList());
    }

    private static Problem violations(ConstraintViolationException invalid) {
        return invalid(
                invalid.getConstraintViolations().stream()
                        .map(v -> new Problem.Field(v.getPropertyPath().toString(), v.getMessage()))
                        .toList());
    }

    private static Problem invalid(List<Problem.Field> fields) {
        String told =
                fields.stream()
                        .map(field -> field.field() + " " + field.message())
                        .collect(Collectors.joining("; "));
        return Problem.of(422, "invalid", "This cannot be accepted", "Mend this: " + told + ".")
                .with(fields);
    }

    private static String said(@org.jspecify.annotations.Nullable String message) {
        return message == null ? "does not hold" : message;
    }

    private static String name(@org.jspecify.annotations.Nullable String parameter) {
        return parameter == null ? "parameter" : parameter;
    }

    private static Problem mismatch(MethodArgumentTypeMismatchException mismatch) {
        Class<?> wanted = mismatch.getRequiredType();
        String form =
                wanted == null
                        ? "another form"
                        : wanted.isEnum()
                                ? "one of " + List.of(wanted.getEnumConstants())
                                : Number.class.isAssignableFrom(wanted) || wanted.isPrimitive()
                                        ? "a number"
                                        : "of type " + wanted.getSimpleName();
        return Problem.of(
                        400,
                        "parameter-unreadable",
                        "A parameter cannot be read",
                        "Make \"" + mismatch.getName() + "\" " + form + ".")
                .with(List.of(new Problem.Field(mismatch.getName(), "must be " + form)));
    }

    private static Problem tooLarge(String what) {
        return Problem.of(
                413,
                "too-large",
                "Too large",
                what + " is larger than this node takes: split it into smaller ones.");
    }

    private static Problem method(HttpRequestMethodNotSupportedException method) {
        String[] supported = method.getSupportedMethods();
        return Problem.of(
                405,
                "method-not-allowed",
                "The method does not go with this path",
                "Use "
                        + (supported == null ? "another method" : String.join(" or ", supported))
                        + " instead of "
                        + method.getMethod()
                        + ".");
    }

    private static Problem mediaType(HttpMediaTypeNotSupportedException type) {
        return Problem.of(
                415,
                "media-type-not-supported",
                "The body is of the wrong type",
                "Send "
                        + type.getSupportedMediaTypes().stream()
                                .filter(MediaType::isConcrete)
                                .filter(known -> known.getSubtype().matches("json|form-data"))
                                .map(MediaType::toString)
                                .findFirst()
                                .orElse("application/json")
                        + " and name it in the header "
                        + HttpHeaders.CONTENT_TYPE
                        + ".");
    }

    /** The problem for an error of which only the status is known. */
    static Problem ofStatus(int status) {
        if (status == 404) {
            return Problem.of(
                    404, "no-such-path", "Nothing is here", "Look the path up in /v3/api-docs.");
        }
        if (status >= 400 && status < 500) {
            return Problem.of(
                    status,
                    "bad-request",
                    "The request cannot be met",
                    "Look the path and its parameters up in /v3/api-docs.");
        }
        return Problem.of(
                500,
                "unexpected",
                "Something went wrong here",
                "The fault is on this side. Try again; if it stays, look the id up in the log.");
    }
}
