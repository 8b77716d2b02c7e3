package io.mailgenius.jobs.mails;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.contacts.ContactView;
import io.mailgenius.jobs.contacts.addresses.Mailbox;
import io.mailgenius.jobs.templates.CompiledTemplate;
import io.mailgenius.jobs.templates.RenderedMail;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.TemplateVariables;
import io.mailgenius.jobs.templates.TemplateView;
import io.mailgenius.jobs.templates.Templates;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Renders mails when they are accepted, so that what cannot be rendered is refused at once. */
@Component
final class MailComposer {

    private static final int KEPT = 200;
    private static final int LONGEST = 1_000_000;

    private final Templates templates;
    private final TemplateCompiler compiler;
    private final Cache<Key, CompiledTemplate> kept =
            Caffeine.newBuilder().maximumSize(KEPT).executor(Runnable::run).build();

    private record Key(long workspaceId, long templateId, int version) {}

    MailComposer(Templates templates, TemplateCompiler compiler) {
        this.templates = templates;
        this.compiler = compiler;
    }

    /**
     * @throws Refusal.Invalid if there is nothing to say, or it cannot be rendered
     */
    RenderedMail compose(MailDraft draft, String email, @Nullable ContactView contact) {
        Map<String, Object> variables = variables(draft, email, contact);
        RenderedMail mail = template(draft).render(variables);
        String subject = mail.subject();
        if (draft.templateId() != null && draft.subject() != null) {
            subject =
                    compiler.compile(TemplateSource.html(draft.subject(), "<p></p>", "-"))
                            .render(variables)
                            .subject();
        }
        if (subject.isBlank() || subject.length() > MailCheck.MAX_SUBJECT) {
            throw new Refusal.Invalid(
                    "mail-subject-invalid",
                    "A mail needs a subject of at most %d characters."
                            .formatted(MailCheck.MAX_SUBJECT));
        }
        if (mail.html().length() > LONGEST || mail.text().length() > LONGEST) {
            throw new Refusal.Invalid("mail-too-large", "A mail has at most 1 MB of content.");
        }
        return new RenderedMail(subject, mail.html(), mail.text());
    }

    private CompiledTemplate template(MailDraft draft) {
        boolean content = draft.html() != null || draft.text() != null;
        if ((draft.templateId() != null) == content) {
            throw new Refusal.Invalid(
                    "mail-content-invalid",
                    "Give a templateId, or html and text: one of them, and not both.");
        }
        if (draft.templateId() == null) {
            return compiler.compile(
                    TemplateSource.html(
                            draft.subject(),
                            Objects.requireNonNullElse(draft.html(), ""),
                            draft.text()));
        }
        TemplateView view = templates.find(draft.templateId());
        return kept.get(
                new Key(WorkspaceScope.required(), view.id(), view.version()),
                _ ->
                        compiler.compile(
                                TemplateSource.html(
                                        view.source().subject(),
                                        view.html(),
                                        view.source().text())));
    }

    private static Map<String, Object> variables(
            MailDraft draft, String email, @Nullable ContactView contact) {
        Map<String, Object> variables =
                new HashMap<>(
                        contact == null
                                ? Map.of("contact", Map.of("email", email))
                                : TemplateVariables.of(
                                        contact,
                                        Map.of(),
                                        new TemplateVariables.Footing("", "", null)));
        if (draft.variables() != null) {
            if (draft.variables().size() > MailCheck.MAX_VARIABLES
                    || draft.variables().containsKey("contact")) {
                throw new Refusal.Invalid(
                        "mail-variables-invalid",
                        "A mail has at most %d variables, and contact is the recipient."
                                .formatted(MailCheck.MAX_VARIABLES));
            }
            variables.putAll(draft.variables());
        }
        return variables;
    }

    /** With the name in quotes where a header needs them. */
    static String header(String sender) {
        return Mailbox.required(sender).header();
    }
}
