package io.mailgenius.api.access;

import io.mailgenius.api.limits.SignInLimits;
import io.mailgenius.jobs.people.PersonSessions;
import io.mailgenius.jobs.people.RefusedSignIns;
import io.mailgenius.jobs.people.RefusedSignIns.Door;
import io.mailgenius.jobs.people.SecondFactors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The second step of signing in: the password was right, and a code is asked for. */
@Controller
class CodePages {

    private final SecondFactors factors;
    private final SignInLimits limits;
    private final PersonSignIn people;
    private final RefusedSignIns refused;

    CodePages(
            SecondFactors factors,
            SignInLimits limits,
            PersonSignIn people,
            RefusedSignIns refused) {
        this.factors = factors;
        this.limits = limits;
        this.people = people;
        this.refused = refused;
    }

    @GetMapping("/sign-in/code")
    ModelAndView page(HttpServletRequest request) {
        return new ModelAndView(
                ConsoleSession.pending(request).isPresent() ? "code" : "redirect:/sign-in");
    }

    @PostMapping("/sign-in/code")
    ModelAndView verify(
            @RequestParam(defaultValue = "") String code,
            HttpServletRequest request,
            HttpServletResponse response) {
        Optional<Long> person = ConsoleSession.pending(request);
        if (person.isEmpty()) {
            return new ModelAndView("redirect:/sign-in");
        }
        String address = request.getRemoteAddr();
        Duration pause = limits.attempt("code of person " + person.get(), address);
        if (pause.isPositive()) {
            refused.limited(PersonSessions.principal(person.get()), address);
            TooManyAttempts tooMany = new TooManyAttempts(pause);
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(tooMany.seconds()));
            return complaint(HttpStatus.TOO_MANY_REQUESTS, tooMany.words());
        }
        if (!factors.verify(person.get(), code)) {
            limits.failed(address);
            refused.ofPerson(Door.SECOND_FACTOR, person.get(), address);
            return complaint(
                    HttpStatus.UNAUTHORIZED,
                    "This is not the code of now: wait for the next one and enter that.");
        }
        return new ModelAndView("redirect:" + people.enter(request, person.get()));
    }

    private static ModelAndView complaint(HttpStatus status, String words) {
        ModelAndView page = new ModelAndView("code").addObject("complaint", words);
        page.setStatus(status);
        return page;
    }
}
