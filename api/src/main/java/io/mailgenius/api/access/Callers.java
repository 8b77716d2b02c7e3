package io.mailgenius.api.access;

import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.jobs.people.Identities;
import io.mailgenius.jobs.workspaces.ApiKeyPrincipal;
import io.mailgenius.jobs.workspaces.Workspaces;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;

/** Finds out who makes a request: by the key in its header, or by its session. */
@Component
class Callers {

    private final Workspaces workspaces;
    private final Identities identities;

    Callers(Workspaces workspaces, Identities identities) {
        this.workspaces = workspaces;
        this.identities = identities;
    }

    Optional<Caller> byHeader(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        return workspaces.bearer(header.substring(7).strip()).map(key -> admitted(key, request));
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

    /** A key that somebody else has got hold of is of no use to them elsewhere. */
    private static Caller admitted(ApiKeyPrincipal key, HttpServletRequest request) {
        String address = request.getRemoteAddr();
        if (!key.networks().isEmpty()
                && key.networks().stream()
                        .noneMatch(it -> new IpAddressMatcher(it).matches(address))) {
            throw new ProblemFound(
                    403,
                    "network-not-allowed",
                    "Not allowed",
                    "This key may not be used from the address " + address + ".",
                    null);
        }
        return Caller.of(key);
    }
}
