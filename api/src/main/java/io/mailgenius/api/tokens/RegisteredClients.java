package io.mailgenius.api.tokens;

import io.mailgenius.jobs.clients.OAuthClientDirectory;
import io.mailgenius.jobs.clients.OAuthClientDirectory.Registration;
import io.mailgenius.jobs.clients.RefreshTokens;
import io.mailgenius.jobs.workspaces.SecretToken;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** The clients of all workspaces, as Spring Security's authorization server takes them. */
final class RegisteredClients implements RegisteredClientRepository {

    private static final String WORKSPACE = "mailgenius.workspace";
    private static final String NUMBER = "mailgenius.number";

    private final OAuthClientDirectory directory;

    RegisteredClients(OAuthClientDirectory directory) {
        this.directory = directory;
    }

    static long workspace(RegisteredClient client) {
        return Objects.requireNonNull(client.getClientSettings().<Long>getSetting(WORKSPACE));
    }

    static long number(RegisteredClient client) {
        return Objects.requireNonNull(client.getClientSettings().<Long>getSetting(NUMBER));
    }

    @Override
    public void save(RegisteredClient registeredClient) {
        throw new UnsupportedOperationException("Clients are made at /api/v1/oauth-clients");
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id);
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        return directory.find(clientId).map(RegisteredClients::registered).orElse(null);
    }

    private static RegisteredClient registered(Registration it) {
        RegisteredClient.Builder client =
                RegisteredClient.withId(it.clientId())
                        .clientId(it.clientId())
                        .clientSecret(HexFormat.of().formatHex(it.secretHash()))
                        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                        .scopes(scopes -> scopes.addAll(it.scopes()))
                        .clientSettings(
                                ClientSettings.builder()
                                        .setting(WORKSPACE, it.workspaceId())
                                        .setting(NUMBER, it.clientNumber())
                                        .build())
                        .tokenSettings(
                                TokenSettings.builder()
                                        .accessTokenTimeToLive(AccessToken.LIFE)
                                        .refreshTokenTimeToLive(RefreshTokens.FAMILY_LIFE)
                                        .reuseRefreshTokens(false)
                                        .build());
        if (it.refreshTokens()) {
            client.clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                    .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN);
        }
        return client.build();
    }

    /** Secrets are 256 random bits, of which the hash is stored. */
    static final class Secrets implements PasswordEncoder {

        @Override
        public @Nullable String encode(@Nullable CharSequence secret) {
            return secret == null
                    ? null
                    : HexFormat.of().formatHex(SecretToken.hash(secret.toString()));
        }

        @Override
        public boolean matches(@Nullable CharSequence secret, @Nullable String encoded) {
            return secret != null
                    && encoded != null
                    && MessageDigest.isEqual(
                            SecretToken.hash(secret.toString()), HexFormat.of().parseHex(encoded));
        }
    }
}
