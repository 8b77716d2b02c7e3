package io.mailgenius.api.access;

import io.mailgenius.api.limits.SignInLimits;
import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.jobs.people.PersonSessions;
import io.mailgenius.jobs.people.RefusedSignIns;
import io.mailgenius.jobs.people.RefusedSignIns.Door;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Signing in with a passkey: instead of a password, or after it as the second factor. */
@Controller
class PasskeyPages {

    private static final Logger LOG = LoggerFactory.getLogger(PasskeyPages.class);

    private final PasskeyCeremonies ceremonies;
    private final PersonSignIn people;
    private final SignInLimits limits;
    private final RefusedSignIns refused;

    PasskeyPages(
            PasskeyCeremonies ceremonies,
            PersonSignIn people,
            SignInLimits limits,
            RefusedSignIns refused) {
        this.ceremonies = ceremonies;
        this.people = people;
        this.limits = limits;
        this.refused = refused;
    }

    /** The session that it begins is a short one, of which a network gets only so many. */
    @PostMapping("/sign-in/passkey/options")
    ResponseEntity<String> options(HttpServletRequest request) {
        Duration pause = limits.begin(request.getRemoteAddr());
        if (pause.isPositive()) {
            throw new ProblemFound(
                    429,
                    "too-many-attempts",
                    "Too many attempts",
                    "Try again after the seconds in Retry-After.",
                    pause);
        }
        HttpSession session = ConsoleSession.beginUnknown(request);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(ceremonies.requestOptions(session, pending(request)));
    }

    private static @Nullable Long pending(HttpServletRequest request) {
        return ConsoleSession.pending(request).orElse(null);
    }

    @PostMapping("/sign-in/passkey")
    ModelAndView signIn(
            @RequestParam(defaultValue = "") String credential,
            HttpServletRequest request,
            HttpServletResponse response) {
        String address = request.getRemoteAddr();
        Long pending = pending(request);
        String view = pending == null ? "sign-in" : "code";
        Duration pause =
                pending == null
                        ? limits.pause(address)
                        : limits.attempt("code of person " + pending, address);
        if (pause.isPositive()) {
            refused.limited(pending == null ? "" : PersonSessions.principal(pending), address);
            TooManyAttempts tooMany = new TooManyAttempts(pause);
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(tooMany.seconds()));
            return complaint(view, HttpStatus.TOO_MANY_REQUESTS, tooMany.words());
        }
        HttpSession session = request.getSession(false);
        if (session == null) {
            return new ModelAndView("redirect:/sign-in");
        }
        try {
            long person = ceremonies.authenticate(session, pending, credential);
            return new ModelAndView("redirect:" + people.enter(request, person));
        } catch (PasskeyCeremonies.Failed failed) {
            LOG.debug("A passkey was refused", failed);
            limits.failed(address);
            failed.personId()
                    .ifPresentOrElse(
                            it -> refused.ofPerson(Door.PASSKEY, it, address),
                            () -> refused.ofNobody(Door.PASSKEY, address));
            return complaint(
                    view,
                    HttpStatus.UNAUTHORIZED,
                    "This passkey does not open anything here: try again, or sign in another way.");
        }
    }

    private static ModelAndView complaint(String view, HttpStatus status, String words) {
        ModelAndView page = new ModelAndView(view).addObject("complaint", words);
        page.setStatus(status);
        return page;
    }
}
