package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.templates.links.LinkWriter;
import io.mailgenius.jobs.templates.links.MailLinks;
import io.mailgenius.jobs.templates.links.TrackedPage;
import io.mailgenius.jobs.templates.text.PlainText;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compiled template. It is immutable, so any number of threads may render it at the same time.
 */
public final class CompiledTemplate {

    private final TemplatePart subject;
    private final TemplatePart html;
    private final @Nullable TemplatePart text;
    private final Set<String> variables;
    private final TrackedPage trackedPage;

    CompiledTemplate(
            TemplatePart subject,
            TemplatePart html,
            @Nullable TemplatePart text,
            Set<String> variables,
            TrackedPage trackedPage) {
        this.trackedPage = trackedPage;
        this.subject = subject;
        this.html = html;
        this.text = text;
        this.variables = Set.copyOf(variables);
    }

    /**
     * @param variables see {@link TemplateVariables}
     * @throws Refusal.Invalid {@code template-does-not-render}, if an operation fails with the
     *     values of this contact, or a loop, a text or the rendering time exceeds its limit
     */
    public RenderedMail render(Map<String, Object> variables) {
        return render(variables, null);
    }

    /**
     * @param links null for a mail that is not tracked
     */
    public RenderedMail render(Map<String, Object> variables, @Nullable LinkWriter links) {
        String page = html.render(variables, new MailLinks(trackedPage, links));
        return new RenderedMail(
                OneLine.of(subject.render(variables)),
                page,
                text == null ? PlainText.of(page) : text.render(variables));
    }

    /** The variables that the template reads, sorted, for instance {@code contact.first_name}. */
    public List<String> variables() {
        return variables.stream().sorted().toList();
    }

    /** The variables that no mail provides. They render empty and are most likely misspelt. */
    public List<String> unknownVariables() {
        return variables().stream().filter(name -> !TemplateVariables.isOffered(name)).toList();
    }

    List<String> subjectVariables() {
        return List.copyOf(subject.variables());
    }

    /** True if the template has a text part of its own, so that none is derived from the HTML. */
    boolean hasText() {
        return text != null;
    }
}
