package io.mailgenius.jobs.templates;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.ContactView;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores templates in versions. An update creates a version; a launched campaign keeps its own
 * copy. A template that does not parse is not stored.
 */
@Component
@Transactional
public class Templates {

    private static final int MAX_NAME = 200;

    private final TemplateStore templates;
    private final TemplateCompiler compiler;
    private final Contacts contacts;
    private final WorkspaceSettings workspace;

    public Templates(
            JdbcClient jdbc,
            TemplateCompiler compiler,
            Contacts contacts,
            WorkspaceSettings workspace) {
        this.workspace = workspace;
        this.templates = new TemplateStore(jdbc);
        this.compiler = compiler;
        this.contacts = contacts;
    }

    /**
     * @throws Refusal.Invalid {@code template-does-not-parse}
     * @throws Refusal.Conflict {@code template-exists}
     */
    public TemplateView create(TemplateDraft draft) {
        TemplateDraft checked = checked(draft);
        String html = html(checked.source());
        long id = templates.insert(checked.name()).orElseThrow(() -> exists(checked));
        templates.insertVersion(id, 1, checked.source(), html);
        return find(id);
    }

    /** Creates the next version. Concurrent updates create one version each. */
    public TemplateView update(long id, TemplateDraft draft) {
        TemplateDraft checked = checked(draft);
        String html = html(checked.source());
        try {
            int version =
                    templates
                            .nextVersion(id, checked.name())
                            .orElseThrow(() -> new Refusal.NotFound("template", id));
            templates.insertVersion(id, version, checked.source(), html);
        } catch (DuplicateKeyException e) {
            throw exists(checked);
        }
        return find(id);
    }

    /** Returns the newest version. */
    @AutocommitRead
    public TemplateView find(long id) {
        return templates.find(id, null).orElseThrow(() -> new Refusal.NotFound("template", id));
    }

    @AutocommitRead
    public TemplateView find(long id, int version) {
        return templates.find(id, version).orElseThrow(() -> new Refusal.NotFound("template", id));
    }

    /**
     * @param after the last id of the previous page; 0 for the first page
     * @param limit 1 to {@value Page#LIMIT}
     */
    @AutocommitRead
    public Page<TemplateSummary> page(long after, int limit) {
        return Page.of(templates.page(after, Page.rows(limit)), limit, TemplateSummary::id);
    }

    /** Deletes all versions. Launched campaigns keep their own copies. */
    public void delete(long id) {
        if (!templates.delete(id)) {
            throw new Refusal.NotFound("template", id);
        }
    }

    /**
     * @param contactId the contact to render for; null for the sample contact, who has no
     *     attributes
     */
    @AutocommitRead
    public TemplatePreview preview(long id, @Nullable Long contactId) {
        TemplateView view = find(id);
        TemplateSource source = view.source();
        return preview(
                TemplateSource.html(source.subject(), view.html(), source.text()), contactId);
    }

    /** Previews a source that is not stored yet. */
    @AutocommitRead
    public TemplatePreview preview(TemplateSource source, @Nullable Long contactId) {
        ContactView contact = contactId == null ? SampleContact.ADA : contacts.find(contactId);
        CompiledTemplate compiled = compiler.compile(source);
        RenderedMail mail =
                compiled.render(SampleContact.variables(contact, workspace.find().postalAddress()));
        return new TemplatePreview(mail, compiled.variables(), compiled.unknownVariables());
    }

    private TemplateDraft checked(TemplateDraft draft) {
        String name = draft.name().strip();
        if (name.isEmpty() || name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "template-name-invalid",
                    "A template needs a name of 1 to " + MAX_NAME + " characters.");
        }
        return new TemplateDraft(name, draft.source());
    }

    private String html(TemplateSource source) {
        String html = compiler.html(source);
        compiler.compile(TemplateSource.html(source.subject(), html, source.text()));
        return html;
    }

    private static Refusal exists(TemplateDraft draft) {
        return new Refusal.Conflict(
                "template-exists",
                "There is a template \"" + draft.name() + "\" already; choose another name.");
    }
}
