package io.mailgenius.api.access;

import io.mailgenius.api.limits.SignInLimits;
import io.mailgenius.jobs.people.Identities;
import io.mailgenius.jobs.people.MemberPrincipal;
import io.mailgenius.jobs.people.Passwords;
import io.mailgenius.jobs.people.RefusedSignIns;
import io.mailgenius.jobs.people.RefusedSignIns.Door;
import io.mailgenius.jobs.people.SignInResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Checks e-mail address and password, and begins the session. */
@Component
class PersonSignIn implements AuthenticationProvider, AuthenticationSuccessHandler {

    private final Identities identities;
    private final SignInLimits limits;
    private final RefusedSignIns refused;

    PersonSignIn(Identities identities, SignInLimits limits, RefusedSignIns refused) {
        this.identities = identities;
        this.limits = limits;
        this.refused = refused;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        String address =
                attempt.getDetails() instanceof WebAuthenticationDetails details
                        ? details.getRemoteAddress()
                        : "";
        Duration pause = limits.attempt(attempt.getName(), address);
        if (pause.isPositive()) {
            refused.limited(attempt.getName(), address);
            throw new TooManyAttempts(pause);
        }
        SignInResult result;
        try {
            result = identities.signIn(attempt.getName(), text(attempt.getCredentials()));
        } catch (Passwords.Busy busy) {
            throw new TooManyAttempts(Duration.ofSeconds(5));
        }
        return switch (result) {
            case SignInResult.Accepted accepted ->
                    UsernamePasswordAuthenticationToken.authenticated(accepted, "", List.of());
            case SignInResult.Refused _ -> {
                limits.failed(address);
                refused.ofEmail(Door.PASSWORD, attempt.getName(), address);
                throw new BadCredentialsException("No such person, or another password");
            }
        };
    }

    private static String text(@Nullable Object credentials) {
        return credentials == null ? "" : credentials.toString();
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        if (!(authentication.getPrincipal() instanceof SignInResult.Accepted accepted)) {
            throw new IllegalStateException("Signed in by something else");
        }
        goOn(request, response, accepted);
    }

    /** Asks for the second factor of somebody who has one, and begins the session otherwise. */
    void goOn(
            HttpServletRequest request,
            HttpServletResponse response,
            SignInResult.Accepted accepted)
            throws IOException {
        if (accepted.secondFactor()) {
            ConsoleSession.beginPending(request, accepted.personId());
            response.sendRedirect("/sign-in/code");
        } else {
            response.sendRedirect(enter(request, accepted.personId()));
        }
    }

    /**
     * Begins the session of a person who has shown all factors.
     *
     * @return where to go on
     */
    String enter(HttpServletRequest request, long personId) {
        List<MemberPrincipal> workspaces = identities.workspaces(personId);
        if (workspaces.isEmpty()) {
            ConsoleSession.end(request);
            return "/sign-in?nowhere";
        }
        identities.signedIn(personId);
        ConsoleSession.beginOfPerson(request, workspaces.getFirst().workspaceId(), personId);
        return "/";
    }
}
