package io.mailgenius.api.access;

import io.mailgenius.jobs.clients.OAuthClientPrincipal;
import io.mailgenius.jobs.people.MemberPrincipal;
import io.mailgenius.jobs.workspaces.ApiKeyPrincipal;
import io.mailgenius.jobs.workspaces.Permissions;
import io.mailgenius.schema.ActorScope.Kind;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Who makes a request, in which workspace, and what they may do there.
 *
 * @param id of the key, client or person
 * @param name for people to read
 * @param suspended whether the workspace is
 * @param factorMissing whether the workspace asks for a second factor that the person does not have
 */
public record Caller(
        Kind kind,
        long id,
        long workspaceId,
        String name,
        Set<String> permissions,
        boolean suspended,
        boolean factorMissing) {

    static Caller of(ApiKeyPrincipal key) {
        return new Caller(
                Kind.KEY,
                key.keyId(),
                key.workspaceId(),
                "key " + key.keyId(),
                key.scopes(),
                key.suspended(),
                false);
    }

    /**
     * @param scopes those of the token
     */
    static Caller of(OAuthClientPrincipal client, Set<String> scopes) {
        return new Caller(
                Kind.CLIENT,
                client.clientNumber(),
                client.workspaceId(),
                "client " + client.clientNumber(),
                scopes,
                client.suspended(),
                false);
    }

    static Caller of(MemberPrincipal person) {
        return new Caller(
                Kind.PERSON,
                person.personId(),
                person.workspaceId(),
                person.email(),
                person.permissions(),
                person.suspended(),
                person.secondFactorNeeded() && !person.secondFactor());
    }

    /** Who makes the current request; empty on a page that anybody may open. */
    public static Optional<Caller> present() {
        return SecurityContextHolder.getContext().getAuthentication()
                        instanceof CallerAuthentication known
                ? Optional.of(known.caller())
                : Optional.empty();
    }

    /**
     * Who makes the current request.
     *
     * @throws IllegalStateException on a page that anybody may open
     */
    public static Caller current() {
        return present()
                .orElseThrow(
                        () -> new IllegalStateException("Nobody in particular makes this request"));
    }

    public boolean may(String permission) {
        return Permissions.allow(permissions, permission);
    }
}
