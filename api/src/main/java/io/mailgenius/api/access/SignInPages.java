package io.mailgenius.api.access;

import io.mailgenius.api.limits.SignInLimits;
import io.mailgenius.jobs.people.RefusedSignIns;
import io.mailgenius.jobs.workspaces.ApiKeyPrincipal;
import io.mailgenius.jobs.workspaces.Workspaces;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.WebAttributes;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * The doors of the console: a person's password, which Spring Security checks, or an API key, whose
 * permissions the session has. No session is made before either is right.
 */
@Controller
class SignInPages {

    private final Workspaces workspaces;
    private final SignInLimits limits;
    private final RefusedSignIns refused;

    SignInPages(Workspaces workspaces, SignInLimits limits, RefusedSignIns refused) {
        this.workspaces = workspaces;
        this.limits = limits;
        this.refused = refused;
    }

    @GetMapping("/sign-in")
    ModelAndView page(@RequestParam Optional<String> nowhere, @RequestParam Optional<String> done) {
        ModelAndView page = new ModelAndView("sign-in");
        if (nowhere.isPresent()) {
            page.addObject(
                    "complaint", "You belong to no workspace any more: ask for an invitation.");
        }
        return page.addObject("done", done.isPresent());
    }

    /** Where nobody is led elsewhere, because the installation has no provider. */
    @GetMapping({OidcSignIn.START, OidcSignIn.CALLBACK})
    ModelAndView noProvider() {
        return complaint(
                HttpStatus.NOT_FOUND,
                "This installation has no other way to sign in: its operator can set one up.");
    }

    /** Where Spring Security sends whoever it refused. */
    @RequestMapping("/sign-in/refused")
    ModelAndView refused(HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(WebAttributes.AUTHENTICATION_EXCEPTION)
                instanceof TooManyAttempts tooMany) {
            return tooMany(tooMany, response);
        }
        if (request.getAttribute(WebAttributes.AUTHENTICATION_EXCEPTION)
                instanceof OidcSignIn.NobodyHere) {
            return complaint(
                    HttpStatus.UNAUTHORIZED,
                    "This account belongs to nobody here: ask for an invitation to its address,"
                            + " which the provider must have verified.");
        }
        if (request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI) instanceof String from
                && from.startsWith(OidcSignIn.START)) {
            return complaint(
                    HttpStatus.UNAUTHORIZED,
                    "The sign-in with the other account did not work: try again, or sign in"
                            + " another way.");
        }
        return complaint(
                HttpStatus.UNAUTHORIZED, "There is no person with this address and password.");
    }

    @PostMapping(path = "/sign-in", params = "key")
    ModelAndView signIn(
            @RequestParam String key, HttpServletRequest request, HttpServletResponse response) {
        String address = request.getRemoteAddr();
        if (limits.pause(address).isPositive()) {
            return tooMany(new TooManyAttempts(limits.pause(address)), response);
        }
        Optional<ApiKeyPrincipal> holder = workspaces.bearer(key.strip());
        if (holder.isEmpty()) {
            limits.failed(address);
            refused.ofKey(key.strip(), address);
            return complaint(
                    HttpStatus.UNAUTHORIZED,
                    "No workspace has this key. Copy it once more, or make another.");
        }
        ConsoleSession.beginOfKey(request, holder.get().workspaceId(), holder.get().keyId());
        return new ModelAndView("redirect:/");
    }

    private static ModelAndView complaint(HttpStatus status, String words) {
        ModelAndView page = new ModelAndView("sign-in").addObject("complaint", words);
        page.setStatus(status);
        return page;
    }

    private static ModelAndView tooMany(TooManyAttempts tooMany, HttpServletResponse response) {
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(tooMany.seconds()));
        return complaint(HttpStatus.TOO_MANY_REQUESTS, tooMany.words());
    }

    @PostMapping("/sign-out")
    String signOut(HttpServletRequest request) {
        ConsoleSession.end(request);
        return "redirect:/sign-in";
    }
}
