package io.mailgenius.jobs.forms;

import io.mailgenius.jobs.contacts.addresses.Mailbox;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.templates.RenderedMail;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.TemplateView;
import io.mailgenius.jobs.templates.Templates;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.schema.WorkspaceScope;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Composes the confirmation mail. Except for the address it contains nothing that was entered into
 * the form, because otherwise the form could be abused to send advertising to strangers.
 */
final class ConfirmationLetter {

    private static final String SAMPLE_URL = "https://example.com/confirm";

    private final TemplateCompiler compiler;
    private final Templates templates;
    private final WorkspaceSettings workspace;
    private final String publicUrl;

    ConfirmationLetter(
            TemplateCompiler compiler,
            Templates templates,
            WorkspaceSettings workspace,
            String publicUrl) {
        this.compiler = compiler;
        this.templates = templates;
        this.workspace = workspace;
        this.publicUrl = publicUrl;
    }

    /**
     * @throws Refusal.Invalid if the template does not parse or render, or has no confirmation link
     */
    void check(FormDraft draft) {
        rendered(draft.subject(), draft.html(), draft.templateId(), "ada@example.com", SAMPLE_URL);
    }

    /**
     * @param contactId attributes bounces to the contact; null if it has been deleted
     */
    Mail to(FormView form, String email, UUID token, @Nullable Long contactId) {
        String url = publicUrl + "/c/" + token;
        RenderedMail mail = rendered(form.subject(), form.html(), form.templateId(), email, url);
        Map<String, String> tags = new HashMap<>();
        tags.put("workspace_id", Long.toString(WorkspaceScope.required()));
        if (contactId != null) {
            tags.put("contact_id", Long.toString(contactId));
        }
        return new Mail(
                Mailbox.header(form.from()),
                email,
                mail.subject(),
                mail.html().isBlank() ? null : mail.html(),
                mail.text().isBlank() ? null : mail.text(),
                null,
                Map.of(),
                tags);
    }

    private RenderedMail rendered(
            String subject,
            @Nullable String html,
            @Nullable Long templateId,
            String email,
            String url) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("contact", Map.of("email", email, "attributes", Map.of()));
        variables.put("confirm_url", url);
        String postalAddress = workspace.find().postalAddress();
        if (postalAddress != null) {
            variables.put("postal_address", postalAddress);
        }
        RenderedMail mail = compiler.compile(source(subject, html, templateId)).render(variables);
        if (!mail.html().contains(url) && !mail.html().isBlank() || !mail.text().contains(url)) {
            throw new Refusal.Invalid(
                    "form-has-no-confirm-link",
                    "The mail has no confirmation link: put <a href=\"{{ confirm_url }}\">Confirm</a> into its page, and {{ confirm_url }} into its text.");
        }
        return mail;
    }

    private TemplateSource source(
            String subject, @Nullable String html, @Nullable Long templateId) {
        if (templateId == null) {
            return TemplateSource.html(subject, html == null ? "" : html, null);
        }
        TemplateView template = templates.find(templateId);
        return TemplateSource.html(subject, template.html(), template.source().text());
    }
}
