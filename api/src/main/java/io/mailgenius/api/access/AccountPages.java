package io.mailgenius.api.access;

import io.mailgenius.api.limits.SignInLimits;
import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.jobs.people.Identities;
import io.mailgenius.jobs.people.MemberPrincipal;
import io.mailgenius.jobs.people.Passkeys;
import io.mailgenius.jobs.people.Passwords;
import io.mailgenius.jobs.people.PersonSessions;
import io.mailgenius.jobs.people.SecondFactors;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ActorScope.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** What people decide about themselves: password, second factor, sessions, and where they work. */
@Controller
class AccountPages {

    private static final Logger LOG = LoggerFactory.getLogger(AccountPages.class);

    private static final String BACK = "redirect:/account";

    private final Identities identities;
    private final SecondFactors factors;
    private final PersonSessions sessions;
    private final SignInLimits limits;
    private final Passkeys passkeys;
    private final PasskeyCeremonies ceremonies;

    AccountPages(
            Identities identities,
            SecondFactors factors,
            PersonSessions sessions,
            SignInLimits limits,
            Passkeys passkeys,
            PasskeyCeremonies ceremonies) {
        this.identities = identities;
        this.factors = factors;
        this.sessions = sessions;
        this.limits = limits;
        this.passkeys = passkeys;
        this.ceremonies = ceremonies;
    }

    @GetMapping("/account")
    ModelAndView page() {
        Caller caller = Caller.current();
        ModelAndView page = new ModelAndView("account");
        if (caller.kind() != Kind.PERSON) {
            return page;
        }
        List<MemberPrincipal> workspaces = identities.workspaces(caller.id());
        return page.addObject("workspaces", workspaces)
                .addObject("here", caller.workspaceId())
                .addObject("app", factors.hasApp(caller.id()))
                .addObject("passkeys", passkeys.of(caller.id()))
                .addObject("factorMissing", caller.factorMissing())
                .addObject("sessions", sessions.of(caller.id()));
    }

    /** Whoever signed in with a key has no account. */
    private static long person() {
        Caller caller = Caller.current();
        if (caller.kind() != Kind.PERSON) {
            throw new ProblemFound(
                    403,
                    "person-needed",
                    "Not allowed",
                    "You are signed in with an API key: sign in as a person.",
                    null);
        }
        return caller.id();
    }

    @PostMapping("/account/password")
    ModelAndView changePassword(
            @RequestParam(defaultValue = "") String current,
            @RequestParam(defaultValue = "") String password) {
        long person = person();
        return guarded(
                () -> {
                    identities.changePassword(person, current, password);
                    return new ModelAndView("redirect:/sign-in?done");
                });
    }

    @PostMapping("/account/second-factor")
    ModelAndView beginSecondFactor() {
        long person = person();
        return guarded(() -> page().addObject("setup", factors.begin(person)));
    }

    @PostMapping("/account/second-factor/confirm")
    ModelAndView confirmSecondFactor(@RequestParam(defaultValue = "") String code) {
        long person = person();
        return guarded(
                () -> {
                    List<String> recovery = factors.confirm(person, code);
                    return page().addObject("recovery", recovery);
                });
    }

    @PostMapping("/account/second-factor/remove")
    ModelAndView removeSecondFactor(@RequestParam(defaultValue = "") String code) {
        long person = person();
        return guarded(
                () -> {
                    factors.remove(person, code);
                    return new ModelAndView("redirect:/sign-in?done");
                });
    }

    @PostMapping("/account/sessions/{id}/end")
    String endSession(@PathVariable UUID id) {
        long person = person();
        if (!sessions.end(person, id)) {
            throw new Refusal.NotFound("session", id.toString());
        }
        return BACK;
    }

    @PostMapping("/account/sessions/end")
    String endAllSessions() {
        sessions.endAll(person());
        return "redirect:/sign-in?done";
    }

    @PostMapping("/account/passkeys/options")
    ResponseEntity<String> passkeyOptions(HttpServletRequest request) {
        long person = person();
        requireFresh(request);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(ceremonies.creationOptions(request.getSession(), person));
    }

    @PostMapping("/account/passkeys")
    ModelAndView addPasskey(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String credential,
            HttpServletRequest request) {
        long person = person();
        return guarded(
                () -> {
                    requireFresh(request);
                    try {
                        ceremonies.register(request.getSession(), person, name, credential);
                    } catch (PasskeyCeremonies.Failed failed) {
                        LOG.debug("A passkey was not added", failed);
                        throw new Refusal.Invalid(
                                "passkey-refused",
                                "The browser made no passkey for this site: try again.");
                    }
                    return new ModelAndView(BACK);
                });
    }

    @PostMapping("/account/passkeys/{id}/rename")
    ModelAndView renamePasskey(
            @PathVariable long id, @RequestParam(defaultValue = "") String name) {
        long person = person();
        return guarded(
                () -> {
                    passkeys.rename(person, id, name);
                    return new ModelAndView(BACK);
                });
    }

    @PostMapping("/account/passkeys/{id}/remove")
    ModelAndView removePasskey(@PathVariable long id, HttpServletRequest request) {
        long person = person();
        return guarded(
                () -> {
                    requireFresh(request);
                    passkeys.remove(person, id);
                    return new ModelAndView(BACK);
                });
    }

    private static void requireFresh(HttpServletRequest request) {
        if (!ConsoleSession.isFresh(request)) {
            throw new Refusal.Invalid(
                    "sign-in-again",
                    "You signed in more than 15 minutes ago: sign out and in again, then add or"
                            + " remove passkeys.");
        }
    }

    @PostMapping("/account/workspace")
    String switchWorkspace(@RequestParam long workspace, HttpServletRequest request) {
        long person = person();
        if (identities.workspaces(person).stream().noneMatch(it -> it.workspaceId() == workspace)) {
            throw new Refusal.NotFound("workspace", workspace);
        }
        request.getSession().setAttribute(ConsoleSession.WORKSPACE, workspace);
        return "redirect:/";
    }

    /** Attempts count, so that a session that was left open is of no use to guess with. */
    private ModelAndView guarded(Supplier<ModelAndView> work) {
        Duration pause = limits.attempt("account of " + person(), "");
        if (pause.isPositive()) {
            throw tooMany(pause);
        }
        try {
            return work.get();
        } catch (Refusal.Invalid | Refusal.Conflict refused) {
            ModelAndView again = page().addObject("complaint", refused.getMessage());
            again.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return again;
        } catch (Passwords.Busy busy) {
            throw tooMany(Duration.ofSeconds(5));
        }
    }

    private static ProblemFound tooMany(Duration pause) {
        return new ProblemFound(
                429,
                "too-many-attempts",
                "Too many attempts",
                "Try again after the seconds in Retry-After.",
                pause);
    }
}
