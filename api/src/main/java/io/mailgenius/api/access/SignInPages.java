package io.mailgenius.api.access;

import io.mailgenius.api.limits.SignInLimits;
import io.mailgenius.jobs.people.Identities;
import io.mailgenius.jobs.people.Passwords;
import io.mailgenius.jobs.workspaces.ApiKeyPrincipal;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.Workspaces;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.WebAttributes;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
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
    private final Identities identities;
    private final SignInLimits limits;

    SignInPages(Workspaces workspaces, Identities identities, SignInLimits limits) {
        this.workspaces = workspaces;
        this.identities = identities;
        this.limits = limits;
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

    /** Where Spring Security sends whoever it refused. */
    @RequestMapping("/sign-in/refused")
    ModelAndView refused(HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(WebAttributes.AUTHENTICATION_EXCEPTION)
                instanceof TooManyAttempts tooMany) {
            return tooMany(tooMany, response);
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
        return complaint(
                HttpStatus.TOO_MANY_REQUESTS,
                "Too many attempts: try again in %,d seconds.".formatted(tooMany.seconds()));
    }

    @PostMapping("/sign-out")
    String signOut(HttpServletRequest request) {
        ConsoleSession.end(request);
        return "redirect:/sign-in";
    }

    @GetMapping("/join/{token}")
    ModelAndView invitation(@PathVariable String token) {
        return join(token, "", "");
    }

    private ModelAndView join(String token, String email, String name) {
        Optional<Identities.Invited> invited = identities.invited(token);
        ModelAndView page =
                new ModelAndView("join")
                        .addObject("invited", invited.orElse(null))
                        .addObject(
                                "email", invited.flatMap(Identities.Invited::email).orElse(email))
                        .addObject("name", name);
        if (invited.isEmpty()) {
            page.setStatus(HttpStatus.NOT_FOUND);
        }
        return page;
    }

    @PostMapping("/join/{token}")
    ModelAndView accept(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String password,
            HttpServletRequest request,
            HttpServletResponse response) {
        return guarded(
                request,
                response,
                () -> {
                    identities.accept(token, email, name, password);
                    return new ModelAndView("redirect:/sign-in?done");
                },
                () -> join(token, email, name));
    }

    @GetMapping("/reset/{token}")
    ModelAndView reset(@PathVariable String token) {
        boolean valid = identities.isReset(token);
        ModelAndView page = new ModelAndView("reset").addObject("valid", valid);
        if (!valid) {
            page.setStatus(HttpStatus.NOT_FOUND);
        }
        return page;
    }

    @PostMapping("/reset/{token}")
    ModelAndView setPassword(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String password,
            HttpServletRequest request,
            HttpServletResponse response) {
        return guarded(
                request,
                response,
                () -> {
                    identities.resetPassword(token, password);
                    return new ModelAndView("redirect:/sign-in?done");
                },
                () -> reset(token));
    }

    /** What is refused counts against the address, and is shown in the form. */
    private ModelAndView guarded(
            HttpServletRequest request,
            HttpServletResponse response,
            Supplier<ModelAndView> work,
            Supplier<ModelAndView> form) {
        String address = request.getRemoteAddr();
        if (limits.pause(address).isPositive()) {
            return tooMany(new TooManyAttempts(limits.pause(address)), response);
        }
        try {
            return work.get();
        } catch (Refusal.Invalid refused) {
            limits.failed(address);
            ModelAndView again = form.get().addObject("complaint", refused.getMessage());
            again.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return again;
        } catch (Passwords.Busy busy) {
            return tooMany(new TooManyAttempts(Duration.ofSeconds(5)), response);
        }
    }
}
