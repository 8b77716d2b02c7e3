package io.mailgenius.api.access;

import io.mailgenius.api.limits.PersonMailLimits;
import io.mailgenius.api.limits.SignInLimits;
import io.mailgenius.jobs.people.Identities;
import io.mailgenius.jobs.people.Passwords;
import io.mailgenius.jobs.people.PersonMails;
import io.mailgenius.jobs.workspaces.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Links that work once: an invitation, and another password; and the page that asks for one. */
@Controller
class LinkPages {

    private final Identities identities;
    private final PersonMails mails;
    private final SignInLimits limits;
    private final PersonMailLimits mailLimits;

    LinkPages(
            Identities identities,
            PersonMails mails,
            SignInLimits limits,
            PersonMailLimits mailLimits) {
        this.identities = identities;
        this.mails = mails;
        this.limits = limits;
        this.mailLimits = mailLimits;
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

    @GetMapping("/reset")
    ModelAndView askForReset() {
        return new ModelAndView("reset-request").addObject("enabled", mails.enabled());
    }

    /** The same answer for every address, whether or not somebody has it. */
    @PostMapping("/reset")
    ModelAndView requestReset(
            @RequestParam(defaultValue = "") String email,
            HttpServletRequest request,
            HttpServletResponse response) {
        ModelAndView page = askForReset();
        if (!mails.enabled()) {
            return page;
        }
        Duration pause = mailLimits.reset(email, request.getRemoteAddr());
        if (pause.isPositive()) {
            return tooMany("reset-request", new TooManyAttempts(pause), response)
                    .addObject("enabled", true);
        }
        try {
            mails.requestReset(email);
            return page.addObject("asked", true);
        } catch (Refusal.Invalid refused) {
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page.addObject("complaint", refused.getMessage());
        }
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
            return tooMany("sign-in", new TooManyAttempts(limits.pause(address)), response);
        }
        try {
            return work.get();
        } catch (Refusal.Invalid refused) {
            limits.failed(address);
            ModelAndView again = form.get().addObject("complaint", refused.getMessage());
            again.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return again;
        } catch (Passwords.Busy busy) {
            return tooMany("sign-in", new TooManyAttempts(Duration.ofSeconds(5)), response);
        }
    }

    private static ModelAndView tooMany(
            String view, TooManyAttempts tooMany, HttpServletResponse response) {
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(tooMany.seconds()));
        ModelAndView page = new ModelAndView(view).addObject("complaint", tooMany.words());
        page.setStatus(HttpStatus.TOO_MANY_REQUESTS);
        return page;
    }
}
