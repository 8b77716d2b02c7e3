package io.mailgenius.api.access;

import io.mailgenius.jobs.workspaces.Bearer;
import java.io.Serial;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** Whoever showed a valid API key. */
final class KeyHolder extends AbstractAuthenticationToken {

    @Serial private static final long serialVersionUID = 1L;

    private final transient Bearer bearer;

    KeyHolder(Bearer bearer) {
        super(AuthorityUtils.createAuthorityList(bearer.scopes()));
        this.bearer = bearer;
        setAuthenticated(true);
    }

    Bearer bearer() {
        return bearer;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return "key " + bearer.keyId();
    }
}
