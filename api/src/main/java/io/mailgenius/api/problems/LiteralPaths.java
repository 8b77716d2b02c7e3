package io.mailgenius.api.problems;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Answers 405 if a literal path such as {@code /api/v1/contacts/add} does not support the method.
 * Spring would otherwise continue with {@code /api/v1/contacts/{id}}.
 */
@Configuration(proxyBeanMethods = false)
@Order(0)
class LiteralPaths implements WebMvcConfigurer, HandlerInterceptor {

    private final ObjectProvider<RequestMappingHandlerMapping> mappings;
    private volatile @Nullable Map<String, Set<String>> methods;

    LiteralPaths(
            @Qualifier("requestMappingHandlerMapping")
                    ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/**").order(-1);
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler)
            throws HttpRequestMethodNotSupportedException {
        Set<String> allowed = methods().get(request.getRequestURI());
        String method = request.getMethod();
        if (allowed == null || allowed.contains(method)) {
            return true;
        }
        if (method.equals("OPTIONS")) {
            response.setHeader(HttpHeaders.ALLOW, String.join(",", allowed) + ",OPTIONS");
            return false;
        }
        throw new HttpRequestMethodNotSupportedException(method, allowed);
    }

    private Map<String, Set<String>> methods() {
        Map<String, Set<String>> known = methods;
        if (known == null) {
            known = read(mappings.getObject());
            methods = known;
        }
        return known;
    }

    private static Map<String, Set<String>> read(RequestMappingHandlerMapping mapping) {
        Map<String, Set<String>> methods = new HashMap<>();
        mapping.getHandlerMethods()
                .keySet()
                .forEach(
                        info -> {
                            List<String> declared =
                                    info.getMethodsCondition().getMethods().stream()
                                            .map(RequestMethod::name)
                                            .toList();
                            info.getDirectPaths()
                                    .forEach(
                                            path ->
                                                    methods.computeIfAbsent(
                                                                    path, _ -> new TreeSet<>())
                                                            .addAll(declared));
                        });
        methods.values().forEach(LiteralPaths::withHead);
        // A handler that is mapped to any method checks the method itself.
        mapping.getHandlerMethods().keySet().stream()
                .filter(info -> info.getMethodsCondition().isEmpty())
                .forEach(info -> info.getDirectPaths().forEach(methods::remove));
        return methods;
    }

    private static void withHead(Set<String> methods) {
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
    }
}
