package io.mailgenius.api.access;

import io.mailgenius.api.problems.ScopeMissing;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/**
 * What a key may do: {@code *} everything, {@code contacts:read} and {@code contacts:write} what
 * they say, and who may write may read. The noun is the one in the path.
 */
final class Scopes implements AuthorizationManager<RequestAuthorizationContext> {

    @Override
    public AuthorizationResult authorize(
            Supplier<? extends @Nullable Authentication> who, RequestAuthorizationContext context) {
        if (!(who.get() instanceof KeyHolder holder)) {
            return new AuthorizationDecision(false);
        }
        String noun = noun(context.getRequest().getRequestURI());
        boolean reads = context.getRequest().getMethod().matches("GET|HEAD|OPTIONS");
        if (holder.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .anyMatch(scope -> allows(scope, noun, reads))) {
            return new AuthorizationDecision(true);
        }
        throw new ScopeMissing(noun + (reads ? ":read" : ":write"));
    }

    static boolean allows(@Nullable String scope, String noun, boolean reads) {
        return "*".equals(scope)
                || (noun + ":write").equals(scope)
                || (reads && (noun + ":read").equals(scope));
    }

    /** The third step of {@code /api/v1/contacts/17}. */
    private static String noun(String path) {
        String[] steps = path.split("/", 5);
        return steps.length > 3 ? steps[3] : "";
    }
}
