package io.mailgenius.api.forms;

import io.mailgenius.api.access.BrowserPolicy;
import io.mailgenius.api.hosted.TokenInLink;
import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.jobs.contacts.ConsentEvidence;
import io.mailgenius.jobs.forms.Confirmation;
import io.mailgenius.jobs.forms.FormEntry;
import io.mailgenius.jobs.forms.FormRequests;
import io.mailgenius.jobs.forms.Forms;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

/**
 * The public endpoint of forms, and the confirmation page. GET changes nothing, because mailbox
 * scanners follow all links; a button confirms.
 */
@Controller
class SubscribePages {

    private static final String ATTRIBUTE = "attributes.";

    /**
     * The JSON body.
     *
     * @param website a honeypot, hidden on the page, so that only bots fill it in
     */
    record Body(
            String email,
            @Nullable String firstName,
            @Nullable String lastName,
            @Nullable Map<String, Object> attributes,
            @Nullable String website) {

        FormEntry entry() {
            return new FormEntry(email, firstName, lastName, attributes);
        }
    }

    /** The same response for every address. */
    record Received(String message) {}

    private static final Received RECEIVED =
            new Received("Check your mailbox for a mail that asks you to confirm the address.");

    private final Forms forms;
    private final FormRequests requests;

    SubscribePages(Forms forms, FormRequests requests) {
        this.forms = forms;
        this.requests = requests;
    }

    /** Allows any origin, because any website may post here and no credentials are sent. */
    @CrossOrigin
    @PostMapping(path = "/s/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseBody
    @ResponseStatus(HttpStatus.ACCEPTED)
    Received receive(@PathVariable String key, @RequestBody Body body, HttpServletRequest request) {
        take(key, body, request);
        return RECEIVED;
    }

    @PostMapping(path = "/s/{key}", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ModelAndView receive(
            @PathVariable String key,
            @RequestParam MultiValueMap<String, String> fields,
            HttpServletRequest request) {
        Body body = body(fields);
        take(key, body, request);
        ModelAndView page = page("received");
        page.setStatus(HttpStatus.ACCEPTED);
        return page;
    }

    private static Body body(MultiValueMap<String, String> fields) {
        Map<String, Object> attributes = new HashMap<>();
        Map<String, String> known = new HashMap<>();
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            String name = field.getKey();
            List<String> values = field.getValue();
            switch (name) {
                case "email", "firstName", "lastName", "website" ->
                        known.put(name, values.getFirst());
                case String own when own.startsWith(ATTRIBUTE) ->
                        attributes.put(
                                own.substring(ATTRIBUTE.length()),
                                values.size() == 1 ? values.getFirst() : values);
                case String other ->
                        throw new Refusal.Invalid(
                                "unknown-form-field",
                                "Unknown field \"%s\". Allowed are email, firstName, lastName, attributes.… and website."
                                        .formatted(other));
            }
        }
        return new Body(
                known.getOrDefault("email", ""),
                known.get("firstName"),
                known.get("lastName"),
                attributes,
                known.get("website"));
    }

    private void take(String key, Body body, HttpServletRequest request) {
        OptionalLong workspace = uuid(key).map(forms::workspaceOf).orElse(OptionalLong.empty());
        if (workspace.isEmpty()) {
            throw new ProblemFound(
                    404, "form-not-found", "Not found", "There is no form at this address.", null);
        }
        if (body.website() == null || body.website().isBlank()) {
            WorkspaceScope.run(
                    workspace.getAsLong(),
                    () -> requests.receive(UUID.fromString(key), body.entry(), evidence(request)));
        }
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException noUuid) {
            return Optional.empty();
        }
    }

    private static ConsentEvidence evidence(HttpServletRequest request) {
        return new ConsentEvidence(request.getRemoteAddr(), request.getHeader("User-Agent"));
    }

    @GetMapping("/c/{token}")
    ModelAndView ask(@PathVariable String token, HttpServletResponse response) {
        Optional<UUID> known = uuid(TokenInLink.of(token));
        OptionalLong workspace = workspace(known);
        if (workspace.isEmpty()) {
            return unknown();
        }
        return WorkspaceScope.call(
                        workspace.getAsLong(), () -> requests.question(known.orElseThrow()))
                .map(
                        question -> {
                            allowRedirect(question.redirectUrl(), response);
                            return page("ask").addObject("consent", question.consentText());
                        })
                .orElseGet(SubscribePages::unknown);
    }

    /** Browsers apply form-action also to the redirect after a form. */
    private static void allowRedirect(@Nullable String url, HttpServletResponse response) {
        if (url != null) {
            response.setHeader(
                    "Content-Security-Policy", BrowserPolicy.pageThatLeadsTo(URI.create(url)));
        }
    }

    @PostMapping("/c/{token}")
    ModelAndView confirm(@PathVariable String token, HttpServletRequest request) {
        Optional<UUID> known = uuid(TokenInLink.of(token));
        OptionalLong workspace = workspace(known);
        if (workspace.isEmpty()) {
            return unknown();
        }
        Confirmation confirmation =
                WorkspaceScope.call(
                        workspace.getAsLong(),
                        () -> requests.confirm(known.orElseThrow(), evidence(request)));
        return switch (confirmation) {
            case Confirmation.Subscribed(String url) -> subscribed(url);
            case Confirmation.Barred _ -> {
                ModelAndView page = page("barred");
                page.setStatus(HttpStatus.CONFLICT);
                yield page;
            }
            case Confirmation.Unknown _ -> unknown();
        };
    }

    private static ModelAndView subscribed(@Nullable String url) {
        if (url == null) {
            return page("done");
        }
        RedirectView elsewhere = new RedirectView(url);
        elsewhere.setStatusCode(HttpStatus.SEE_OTHER);
        elsewhere.setExpandUriTemplateVariables(false);
        return new ModelAndView(elsewhere);
    }

    private OptionalLong workspace(Optional<UUID> token) {
        return token.map(requests::workspaceOf).orElse(OptionalLong.empty());
    }

    private static ModelAndView page(String state) {
        return new ModelAndView("subscribe").addObject("state", state);
    }

    private static ModelAndView unknown() {
        ModelAndView page = page("unknown");
        page.setStatus(HttpStatus.NOT_FOUND);
        return page;
    }
}
