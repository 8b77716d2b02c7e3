package io.mailgenius.api.access;

import io.mailgenius.api.problems.ScopeMissing;
import io.mailgenius.api.problems.SecondFactorNeeded;
import io.mailgenius.api.problems.Unmapped;
import io.mailgenius.api.problems.WorkspaceSuspended;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Decides by {@link AccessTable} who may make a request: the same for keys and people, for the API
 * and the console. What the table does not name is closed, to everybody.
 */
final class AccessRules implements AuthorizationManager<RequestAuthorizationContext> {

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String ANY = "*";

    /**
     * @param permission or {@code public} or {@code signed-in}
     * @param evenSuspended whether a change is possible while the workspace is suspended
     */
    record Rule(String method, String path, String permission, boolean evenSuspended) {

        boolean isPublic() {
            return permission.equals(AccessTable.PUBLIC);
        }

        boolean allows(Caller caller) {
            return isPublic() || permission.equals(AccessTable.SIGNED_IN) || caller.may(permission);
        }
    }

    /** The rules of one path, by method. */
    private record Endpoint(PathPattern pattern, Map<String, Rule> rules) {

        Optional<Rule> rule(String method) {
            Rule exact = rules.get(method);
            if (exact == null && method.equals("HEAD")) {
                exact = rules.get("GET");
            }
            return Optional.ofNullable(exact == null ? rules.get(ANY) : exact);
        }

        Set<String> methods() {
            Set<String> methods = new TreeSet<>(rules.keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            return methods;
        }
    }

    private static final List<Rule> RULES = rules();

    /** By the step of the path that names what it is about. */
    private final Map<String, List<Endpoint>> endpoints = new HashMap<>();

    AccessRules() {
        Map<String, Map<String, Rule>> byPath = new TreeMap<>();
        for (Rule rule : RULES) {
            byPath.computeIfAbsent(rule.path(), _ -> new TreeMap<>()).put(rule.method(), rule);
        }
        byPath.forEach(
                (path, rules) ->
                        endpoints
                                .computeIfAbsent(noun(path), _ -> new ArrayList<>())
                                .add(
                                        new Endpoint(
                                                PathPatternParser.defaultInstance.parse(path),
                                                rules)));
        Comparator<Endpoint> mostSpecificFirst =
                Comparator.comparing(Endpoint::pattern, PathPattern.SPECIFICITY_COMPARATOR);
        endpoints.values().forEach(those -> those.sort(mostSpecificFirst));
    }

    /** All rules, in the order of the table. */
    static List<Rule> rules() {
        return (AccessTable.API + AccessTable.CONSOLE + AccessTable.OPEN)
                .lines()
                .map(line -> line.split("\\s+"))
                .map(
                        words ->
                                new Rule(
                                        words[0],
                                        words[1],
                                        words[2],
                                        words.length > 3
                                                && words[3].equals(AccessTable.EVEN_SUSPENDED)))
                .toList();
    }

    /** {@code contacts} of {@code /api/v1/contacts/17}, {@code jobs} of {@code /jobs/17}. */
    private static String noun(String path) {
        String[] steps = path.split("/", 5);
        boolean api = steps.length > 3 && steps[1].equals("api");
        return api ? "api " + steps[3] : steps.length > 1 ? steps[1] : "";
    }

    private @Nullable Endpoint endpoint(String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        for (Endpoint endpoint : endpoints.getOrDefault(noun(path), List.of())) {
            if (endpoint.pattern().matches(parsed)) {
                return endpoint;
            }
        }
        return null;
    }

    @Override
    public AuthorizationResult authorize(
            Supplier<? extends @Nullable Authentication> who, RequestAuthorizationContext context) {
        String method = context.getRequest().getMethod();
        String path = context.getRequest().getRequestURI();
        Endpoint endpoint = endpoint(path);
        Optional<Rule> rule = endpoint == null ? Optional.empty() : endpoint.rule(method);
        if (rule.isPresent() && rule.get().isPublic()) {
            return new AuthorizationDecision(true);
        }
        if (!(who.get() instanceof CallerAuthentication known)) {
            return new AuthorizationDecision(false);
        }
        if (endpoint == null) {
            throw Unmapped.path(method, path);
        }
        Caller caller = known.caller();
        if (rule.isEmpty()) {
            if (method.equals("OPTIONS")
                    && endpoint.rules().values().stream().anyMatch(it -> it.allows(caller))) {
                return new AuthorizationDecision(true);
            }
            throw Unmapped.method(method, endpoint.methods());
        }
        require(rule.get(), caller, READS.contains(method));
        return new AuthorizationDecision(true);
    }

    private static void require(Rule rule, Caller caller, boolean reads) {
        boolean account = rule.permission().equals(AccessTable.SIGNED_IN) && rule.evenSuspended();
        if (caller.factorMissing() && !account) {
            throw new SecondFactorNeeded();
        }
        if (!rule.allows(caller)) {
            throw new ScopeMissing(rule.permission());
        }
        if (caller.suspended() && !reads && !rule.evenSuspended()) {
            throw new WorkspaceSuspended();
        }
    }
}
