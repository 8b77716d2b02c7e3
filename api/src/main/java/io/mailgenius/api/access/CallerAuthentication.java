package io.mailgenius.api.access;

import java.io.Serial;
import java.util.Locale;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** Whoever showed a valid API key or token, or is signed in. */
final class CallerAuthentication extends AbstractAuthenticationToken {

    @Serial private static final long serialVersionUID = 1L;

    private final transient Caller caller;

    CallerAuthentication(Caller caller) {
        super(AuthorityUtils.createAuthorityList(caller.permissions()));
        this.caller = caller;
        setAuthenticated(true);
    }

    Caller caller() {
        return caller;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    /** Requests are counted by it. */
    @Override
    public Object getPrincipal() {
        return caller.kind().name().toLowerCase(Locale.ROOT) + " " + caller.id();
    }
}
