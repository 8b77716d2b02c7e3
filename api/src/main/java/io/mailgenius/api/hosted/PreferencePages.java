package io.mailgenius.api.hosted;

import io.mailgenius.jobs.contacts.ConsentEvidence;
import io.mailgenius.jobs.contacts.Preferences;
import io.mailgenius.jobs.contacts.Preferences.Answer;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * The preference page of a contact. Its token is that of the unsubscribe link, whose holder can
 * unsubscribe the contact anyway. GET changes nothing.
 */
@Controller
class PreferencePages {

    private enum Action {
        SAVE,
        LEAVE,
        RETURN
    }

    private final UnsubscribeTokens tokens;
    private final Preferences preferences;
    private final Events events;
    private final BrandedPages brands;
    private final Clock clock;

    PreferencePages(
            UnsubscribeTokens tokens,
            Preferences preferences,
            Events events,
            BrandedPages brands,
            Clock clock) {
        this.brands = brands;
        this.tokens = tokens;
        this.preferences = preferences;
        this.events = events;
        this.clock = clock;
    }

    @GetMapping("/p/{token}")
    ModelAndView show(@PathVariable String token, HttpServletResponse response) {
        return tokens.read(TokenInLink.of(token))
                .map(recipient -> brands.show(page(recipient, ""), recipient, response))
                .orElseGet(() -> unknown());
    }

    /** Browsers do not send unticked boxes, so the form also has the ids of all that were shown. */
    @PostMapping("/p/{token}")
    ModelAndView answer(
            @PathVariable String token,
            @RequestParam Action action,
            @RequestParam(defaultValue = "") Set<Long> shownList,
            @RequestParam(defaultValue = "") Set<Long> list,
            @RequestParam(defaultValue = "") Set<Long> shownTopic,
            @RequestParam(defaultValue = "") Set<Long> topic,
            HttpServletRequest request,
            HttpServletResponse response) {
        Optional<Recipient> found = tokens.read(TokenInLink.of(token));
        if (found.isEmpty()) {
            return unknown();
        }
        Recipient recipient = found.get();
        ConsentEvidence evidence =
                new ConsentEvidence(request.getRemoteAddr(), request.getHeader("User-Agent"));
        ModelAndView page =
                switch (action) {
                    case SAVE -> {
                        Answer answer = new Answer(shownList, list, shownTopic, topic);
                        in(recipient, () -> preferences.choose(whose(recipient), answer, evidence));
                        yield page(recipient, "saved");
                    }
                    case LEAVE -> leave(recipient);
                    case RETURN ->
                            page(
                                    recipient,
                                    in(
                                                    recipient,
                                                    () ->
                                                            preferences.comeBack(
                                                                    whose(recipient), evidence))
                                            ? "returned"
                                            : "");
                };
        return brands.show(page, recipient, response);
    }

    private ModelAndView leave(Recipient recipient) {
        boolean there = in(recipient, () -> preferences.find(whose(recipient)).isPresent());
        if (!there) {
            return unknown();
        }
        boolean settled =
                events.unsubscribe(UnsubscribePages.unsubscribed(recipient, clock.instant()))
                        .settled();
        ModelAndView page = page(recipient, settled ? "left" : "busy");
        if (!settled) {
            page.setStatus(HttpStatus.SERVICE_UNAVAILABLE);
        }
        return page;
    }

    private ModelAndView page(Recipient recipient, String news) {
        return in(recipient, () -> preferences.find(whose(recipient)))
                .map(
                        shown ->
                                new ModelAndView("preferences")
                                        .addObject("shown", shown)
                                        .addObject("news", news))
                .orElseGet(PreferencePages::unknown);
    }

    private long whose(Recipient recipient) {
        return preferences.whose(recipient.contactId(), recipient.email());
    }

    private static <R> R in(Recipient recipient, Supplier<R> work) {
        return WorkspaceScope.call(recipient.workspaceId(), work::get);
    }

    private static ModelAndView unknown() {
        ModelAndView page = new ModelAndView("unsubscribe").addObject("state", "unknown");
        page.setStatus(HttpStatus.NOT_FOUND);
        return page;
    }
}
