package io.mailgenius.api.access;

import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.api.tokens.AccessToken;
import io.mailgenius.jobs.clients.OAuthClientDirectory;
import io.mailgenius.jobs.people.Identities;
import io.mailgenius.jobs.workspaces.ApiKeyPrincipal;
import io.mailgenius.jobs.workspaces.Workspaces;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;

/** Finds out who makes a request: by the key or token in its header, or by its session. */
@Component
class Callers {

    /** Three parts in Base64, of which the first, a JSON object, begins with a quote. */
    private static final Pattern SIGNED = Pattern.compile("eyJ[\\w-]*\\.[\\w-]+\\.[\\w-]*");

    private final Workspaces workspaces;
    private final Identities identities;
    private final OAuthClientDirectory clients;

    Callers(Workspaces workspaces, Identities identities, OAuthClientDirectory clients) {
        this.workspaces = workspaces;
        this.identities = identities;
        this.clients = clients;
    }

    /** By a token that Spring Security has verified before, or by a key. */
    Optional<Caller> byHeader(HttpServletRequest request) {
        if (SecurityContextHolder.getContext().getAuthentication()
                instanceof JwtAuthenticationToken verified) {
            return byToken(AccessToken.of(verified.getToken()), request);
        }
        return Optional.ofNullable(credential(request))
                .flatMap(workspaces::bearer)
                .map(key -> admitted(key, request));
    }

    private Optional<Caller> byToken(AccessToken token, HttpServletRequest request) {
        return clients.bearer(token.clientId(), token.family())
                .map(
                        client -> {
                            requireNetwork(client.networks(), request);
                            return Caller.of(client, token.scopes());
                        });
    }

    private static @Nullable String credential(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? null
                : header.substring(7).strip();
    }

    /** The credential if it is a signed token; a key has no such form. */
    static @Nullable String signedToken(HttpServletRequest request) {
        String credential = credential(request);
        return credential != null && SIGNED.matcher(credential).matches() ? credential : null;
    }

    Optional<Caller> bySession(HttpServletRequest request) {
        return ConsoleSession.of(request).flatMap(session -> caller(session, request));
    }

    private Optional<Caller> caller(ConsoleSession session, HttpServletRequest request) {
        return switch (session) {
            case ConsoleSession.OfKey key ->
                    workspaces
                            .ofSession(key.workspaceId(), key.keyId())
                            .map(found -> admitted(found, request));
            case ConsoleSession.OfPerson person ->
                    identities.member(person.personId(), person.workspaceId()).map(Caller::of);
            case ConsoleSession.Pending _ -> Optional.empty();
        };
    }

    private static Caller admitted(ApiKeyPrincipal key, HttpServletRequest request) {
        requireNetwork(key.networks(), request);
        return Caller.of(key);
    }

    /** A credential that somebody else has got hold of is of no use to them elsewhere. */
    private static void requireNetwork(List<String> networks, HttpServletRequest request) {
        String address = request.getRemoteAddr();
        if (!networks.isEmpty()
                && networks.stream().noneMatch(it -> new IpAddressMatcher(it).matches(address))) {
            throw new ProblemFound(
                    403,
                    "network-not-allowed",
                    "Not allowed",
                    "This key may not be used from the address " + address + ".",
                    null);
        }
    }
}
