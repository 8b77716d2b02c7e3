package io.mailgenius.api.hosted;

import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import io.mailgenius.jobs.events.Event;
import io.mailgenius.jobs.events.EventType;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.schema.SuppressionReason;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * The unsubscribe link. GET changes nothing, because mailbox scanners follow all links. POST
 * unsubscribes: from the button, and from mail clients by RFC 8058.
 */
@Controller
class UnsubscribePages {

    private final UnsubscribeTokens tokens;
    private final Events events;
    private final BrandedPages brands;
    private final Clock clock;

    UnsubscribePages(UnsubscribeTokens tokens, Events events, BrandedPages brands, Clock clock) {
        this.brands = brands;
        this.tokens = tokens;
        this.events = events;
        this.clock = clock;
    }

    @GetMapping("/u/{token}")
    ModelAndView ask(@PathVariable("token") String written, HttpServletResponse response) {
        String token = TokenInLink.of(written);
        return tokens.read(token)
                .map(
                        recipient ->
                                brands.show(
                                        new ModelAndView("unsubscribe")
                                                .addObject("state", "ask")
                                                .addObject("preferences", "/p/" + token),
                                        recipient,
                                        response))
                .orElseGet(UnsubscribePages::unknown);
    }

    @PostMapping("/u/{token}")
    ModelAndView unsubscribe(@PathVariable("token") String written, HttpServletResponse response) {
        String token = TokenInLink.of(written);
        Optional<Recipient> recipient = tokens.read(token);
        if (recipient.isEmpty()) {
            return unknown();
        }
        boolean settled =
                events.unsubscribe(unsubscribed(recipient.get(), clock.instant())).settled();
        ModelAndView page =
                new ModelAndView("unsubscribe")
                        .addObject("state", settled ? "done" : "busy")
                        .addObject("preferences", "/p/" + token);
        page.setStatus(settled ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
        return settled ? brands.show(page, recipient.get(), response) : page;
    }

    /**
     * The id is unique per request, because a contact who has subscribed again can unsubscribe by
     * the same mail.
     */
    static Event unsubscribed(Recipient recipient, Instant now) {
        return new Event(
                recipient.workspaceId(),
                now,
                recipient.campaignId(),
                recipient.contactId(),
                EventType.UNSUBSCRIBED.name(),
                "unsubscribe-" + UUID.randomUUID(),
                null,
                null,
                SuppressionReason.UNSUBSCRIBED,
                recipient.email());
    }

    private static ModelAndView unknown() {
        ModelAndView page = new ModelAndView("unsubscribe").addObject("state", "unknown");
        page.setStatus(HttpStatus.NOT_FOUND);
        return page;
    }
}
