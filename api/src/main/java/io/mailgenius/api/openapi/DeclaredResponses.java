package io.mailgenius.api.openapi;

import io.mailgenius.api.problems.Problem;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.method.HandlerMethod;

/** Every status that an operation answers, told by what its method takes and gives. */
final class DeclaredResponses {

    private static final String PROBLEM_JSON = "application/problem+json";

    /** Statuses of problems, each with what it means wherever it is answered. */
    private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

    static {
        MEANINGS.put("400", "The request cannot be read");
        MEANINGS.put("401", "A valid API key is needed");
        MEANINGS.put("403", "The API key lacks the scope");
        MEANINGS.put("404", "There is no such thing in this workspace");
        MEANINGS.put("406", "There is no such representation");
        MEANINGS.put("409", "It does not go with the state of things");
        MEANINGS.put("413", "The body is too large");
        MEANINGS.put("415", "The body is of the wrong media type");
        MEANINGS.put("422", "The request was read and cannot be accepted");
        MEANINGS.put("429", "Too many requests");
        MEANINGS.put("503", "PostgreSQL or Redis is away, or has no connection left");
    }

    private static final Set<String> OF_BODIES = Set.of("404", "413", "415", "422");

    private DeclaredResponses() {}

    /** To which operations refer. */
    static void addTo(Components components) {
        ModelConverters.getInstance(true).readAll(Problem.class).forEach(components::addSchemas);
        MEANINGS.forEach(
                (status, meaning) ->
                        components.addResponses("Problem" + status, problem(status, meaning)));
        components.addResponses("Problem", problem("default", "Any other problem (RFC 9457)"));
    }

    private static ApiResponse problem(String status, String meaning) {
        ApiResponse response =
                new ApiResponse()
                        .description(meaning)
                        .content(
                                content(
                                        PROBLEM_JSON,
                                        new Schema<>().$ref(WrittenSchemas.ref("Problem"))));
        if (status.equals("429") || status.equals("503")) {
            response.addHeaderObject(
                    HttpHeaders.RETRY_AFTER,
                    header("Seconds to wait before the next try", Types.of("integer")));
        }
        return response;
    }

    /** Filters have no method to be told by. */
    static void ofFilters(Paths paths) {
        paths.forEach(
                (path, item) -> {
                    boolean webhook = path.startsWith("/webhooks/");
                    if (webhook || !path.startsWith("/api/")) {
                        item.readOperations()
                                .forEach(
                                        operation ->
                                                declare(
                                                        operation.getResponses(),
                                                        webhook
                                                                ? Set.of("400", "401", "413", "503")
                                                                : Set.of("404")));
                    }
                });
    }

    private static void declare(ApiResponses responses, Set<String> statuses) {
        new TreeSet<>(statuses)
                .forEach(it -> responses.putIfAbsent(it, new ApiResponse().$ref("Problem" + it)));
        responses.addApiResponse("default", new ApiResponse().$ref("Problem"));
    }

    static Operation complete(Operation operation, HandlerMethod method) {
        ApiResponses responses = operation.getResponses();
        describeFile(responses, method);
        describeLocation(responses, method);
        declare(responses, statuses(method));
        if (operation.getRequestBody() != null) {
            declare(responses, OF_BODIES);
        }
        return operation;
    }

    private static Set<String> statuses(HandlerMethod method) {
        Set<String> statuses = new TreeSet<>(Set.of("400", "401", "403", "503"));
        boolean body = has(method, RequestBody.class) || has(method, RequestPart.class);
        if (body) {
            statuses.addAll(OF_BODIES);
        }
        if (has(method, PathVariable.class)) {
            statuses.addAll(Set.of("404", "422"));
        }
        if (has(method, RequestParam.class)) {
            statuses.addAll(Set.of("404", "422"));
        }
        if (changes(mapping(method))) {
            statuses.add("409");
        }
        if (mapping(method).produces().length > 0) {
            statuses.add("406");
        }
        return statuses;
    }

    private static boolean has(
            HandlerMethod method, Class<? extends java.lang.annotation.Annotation> annotation) {
        return Arrays.stream(method.getMethodParameters())
                .anyMatch((MethodParameter it) -> it.hasParameterAnnotation(annotation));
    }

    private static RequestMapping mapping(HandlerMethod method) {
        RequestMapping mapping =
                AnnotatedElementUtils.findMergedAnnotation(
                        method.getMethod(), RequestMapping.class);
        if (mapping == null) {
            throw new IllegalStateException(method + " is mapped without @RequestMapping");
        }
        return mapping;
    }

    private static boolean changes(RequestMapping mapping) {
        return !Set.of(mapping.method()).equals(Set.of(RequestMethod.GET));
    }

    /** A method that writes a file into the response returns nothing. */
    private static void describeFile(ApiResponses responses, HandlerMethod method) {
        ApiResponse ok = responses.get("200");
        String[] types = mapping(method).produces();
        if (ok != null
                && types.length > 0
                && method.getReturnType().getParameterType() == void.class) {
            Schema<?> text = Types.of("string");
            ok.setContent(
                    content(types[0], types[0].equals("application/gzip") ? new Schema<>() : text));
        }
    }

    private static void describeLocation(ApiResponses responses, HandlerMethod method) {
        for (String status : Set.of("201", "202")) {
            ApiResponse response = responses.get(status);
            if (response != null
                    && (status.equals("201")
                            || method.getReturnType().getParameterType() == ResponseEntity.class)) {
                response.addHeaderObject(
                        HttpHeaders.LOCATION,
                        header("Where it is to be found", Types.of("string")).required(true));
            }
        }
    }

    private static Header header(String description, Schema<?> schema) {
        return new Header().description(description).schema(schema);
    }

    private static Content content(String type, Schema<?> schema) {
        return new Content().addMediaType(type, new MediaType().schema(schema));
    }
}
