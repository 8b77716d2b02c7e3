package io.mailgenius.api.problems;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Rejects query parameters that the operation does not have, and numbers that are not decimal.
 * Otherwise {@code ?list_id=7} would list all contacts.
 */
@Configuration(proxyBeanMethods = false)
class KnownParameters implements WebMvcConfigurer, HandlerInterceptor {

    /** Other forms that Spring reads as numbers: {@code 0x10} as 16, and digits of any script. */
    private static final Pattern NO_DECIMAL =
            Pattern.compile("(?:^|[,\\s+-])(?:0\\s*[xX]|#)|[^\\x00-\\x7F]");

    private final Map<Method, Map<String, Class<?>>> known = new ConcurrentHashMap<>();

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/**");
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        String query = request.getQueryString();
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                instanceof Map<?, ?> path) {
            requireDecimal(path, method.getMethod());
        }
        if (query != null && !query.isEmpty()) {
            Map<String, Class<?>> parameters =
                    known.computeIfAbsent(method.getMethod(), KnownParameters::parameters);
            QueryString.read(query).forEach((name, values) -> require(name, values, parameters));
        }
        return true;
    }

    /** An id of a path. */
    private static void requireDecimal(Map<?, ?> path, Method method) {
        for (Parameter parameter : method.getParameters()) {
            if (parameter.isAnnotationPresent(PathVariable.class)
                    && isWhole(parameter.getType())
                    && path.get(parameter.getName()) instanceof String value
                    && NO_DECIMAL.matcher(value).find()) {
                throw notDecimal(parameter.getName());
            }
        }
    }

    private static Map<String, Class<?>> parameters(Method method) {
        Map<String, Class<?>> parameters = new TreeMap<>();
        for (Parameter parameter : method.getParameters()) {
            RequestParam declared =
                    AnnotatedElementUtils.findMergedAnnotation(parameter, RequestParam.class);
            if (declared != null) {
                parameters.put(
                        declared.name().isEmpty() ? parameter.getName() : declared.name(),
                        parameter.getType());
            }
        }
        return parameters;
    }

    private static void require(
            String name, List<String> values, Map<String, Class<?>> parameters) {
        Class<?> type = parameters.get(name);
        if (type == null) {
            throw refused(
                    "parameter-unknown",
                    parameters.isEmpty()
                            ? "There is no parameter \"%s\": leave it out.".formatted(name)
                            : "There is no parameter \"%s\": choose from %s."
                                    .formatted(name, String.join(", ", parameters.keySet())));
        }
        if (isWhole(type) && values.stream().anyMatch(it -> NO_DECIMAL.matcher(it).find())) {
            throw notDecimal(name);
        }
    }

    private static ProblemFound notDecimal(String name) {
        return refused(
                "parameter-unreadable",
                "Write the parameter \"%s\" as a decimal number.".formatted(name));
    }

    private static boolean isWhole(Class<?> type) {
        return type == long.class
                || type == Long.class
                || type == int.class
                || type == Integer.class
                || Collection.class.isAssignableFrom(type);
    }

    private static ProblemFound refused(String problem, String detail) {
        return new ProblemFound(400, problem, "A parameter cannot be read", detail, null);
    }
}
