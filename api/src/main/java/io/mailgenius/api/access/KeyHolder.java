package io.mailgenius.api.access;

import io.mailgenius.jobs.workspaces.ApiKeyPrincipal;
import java.io.Serial;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** Whoever showed a valid API key. */
final class KeyHolder extends AbstractAuthenticationToken {

    @Serial private static final long serialVersionUID = 1L;

    private final transient ApiKeyPrincipal apiKeyPrincipal;

    KeyHolder(ApiKeyPrincipal apiKeyPrincipal) {
        super(AuthorityUtils.createAuthorityList(apiKeyPrincipal.scopes()));
        this.apiKeyPrincipal = apiKeyPrincipal;
        setAuthenticated(true);
    }

    ApiKeyPrincipal bearer() {
        return apiKeyPrincipal;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return "key " + apiKeyPrincipal.keyId();
    }
}
