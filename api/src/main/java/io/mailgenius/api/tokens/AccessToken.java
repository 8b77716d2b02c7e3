package io.mailgenius.api.tokens;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/**
 * What an access token says (RFC 9068).
 *
 * @param family whose end ends it too; null for a token that no refresh token belongs to
 * @param scopes permissions
 */
public record AccessToken(String clientId, @Nullable UUID family, Set<String> scopes) {

    /** Together with the tolerance for clocks that differ it is below a quarter of an hour. */
    static final Duration LIFE = Duration.ofMinutes(10);

    /** How far the clocks of two nodes may be apart. */
    static final Duration CLOCKS = Duration.ofSeconds(30);

    static final String TYPE = "at+jwt";
    static final String AUDIENCE = "mailgenius-api";

    private static final String CLIENT = "client_id";
    private static final String FAMILY = "family";
    private static final String SCOPE = "scope";

    public AccessToken {
        scopes = Set.copyOf(scopes);
    }

    /**
     * @throws InvalidBearerTokenException if it was signed for something else
     */
    public static AccessToken of(Jwt token) {
        String client = token.getClaimAsString(CLIENT);
        String scope = token.getClaimAsString(SCOPE);
        if (client == null || scope == null) {
            throw new InvalidBearerTokenException("It names no client or no scope");
        }
        String family = token.getClaimAsString(FAMILY);
        return new AccessToken(
                client,
                family == null ? null : UUID.fromString(family),
                Set.copyOf(Arrays.asList(scope.split(" "))));
    }

    static void write(
            JwtClaimsSet.Builder claims,
            String clientId,
            Collection<String> scopes,
            @Nullable String family) {
        claims.claim(CLIENT, clientId).claim(SCOPE, String.join(" ", new TreeSet<>(scopes)));
        if (family != null) {
            claims.claim(FAMILY, family);
        }
    }
}
