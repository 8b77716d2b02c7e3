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

/** A template that was read; any number of threads may render it at the same time. */
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
     * @throws Refusal.Invalid {@code template-does-not-render}: this contact's values lead to what
     *     cannot be done, or a loop, a text or the time went over its limit
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

    /** The names that the template asks for, in order, for instance {@code contact.first_name}. */
    public List<String> variables() {
        return variables.stream().sorted().toList();
    }

    /** Those of them that no mail brings: they come out empty, and are most likely misspelt. */
    public List<String> unknownVariables() {
        return variables().stream().filter(name -> !TemplateVariables.isOffered(name)).toList();
    }

    List<String> subjectVariables() {
        return List.copyOf(subject.variables());
    }

    /** Of its own, and not made of the HTML. */
    boolean hasText() {
        return text != null;
    }
}
