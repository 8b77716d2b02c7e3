package io.mailgenius.api.sandbox;

import io.mailgenius.api.access.BrowserPolicy;
import io.mailgenius.jobs.providers.sandbox.Sandbox;
import io.mailgenius.jobs.providers.sandbox.SandboxMail;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/** The mails that the sandbox took in place of a provider: only those of the own workspace. */
@Controller
class SandboxPages {

    private static final int AT_ONCE = 50;

    private final ObjectProvider<Sandbox> sandbox;

    SandboxPages(ObjectProvider<Sandbox> sandbox) {
        this.sandbox = sandbox;
    }

    @GetMapping("/sandbox")
    ModelAndView list(@RequestParam(required = false) @Nullable UUID before) {
        Sandbox present = sandbox.getIfAvailable();
        List<SandboxMail> mails = present == null ? List.of() : present.mails(before, AT_ONCE);
        return new ModelAndView("sandbox")
                .addObject("there", present != null)
                .addObject("mails", mails.stream().filter(SandboxPages::isOwn).toList())
                .addObject("next", mails.size() < AT_ONCE ? null : mails.getLast().id());
    }

    @GetMapping("/sandbox/{id}")
    ModelAndView mail(@PathVariable UUID id, HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", BrowserPolicy.PAGE_WITH_INLINE_STYLES);
        Sandbox present = sandbox.getIfAvailable();
        SandboxMail mail =
                present == null ? null : present.mail(id).filter(SandboxPages::isOwn).orElse(null);
        if (mail == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return new ModelAndView("mail").addObject("mail", mail);
    }

    /** The sandbox is one for all workspaces, as a provider is; a mail's tag says whose it is. */
    private static boolean isOwn(SandboxMail mail) {
        return Long.toString(WorkspaceScope.required()).equals(mail.tags().get("workspace_id"));
    }
}
