package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.templates.links.Link;
import io.mailgenius.jobs.templates.links.Links;
import io.mailgenius.jobs.templates.links.TrackedPage;
import io.mailgenius.jobs.templates.links.Utm;
import io.mailgenius.jobs.templates.liquid.Escaping;
import io.mailgenius.jobs.templates.mjml.Mjml;
import io.mailgenius.jobs.templates.mjml.MjmlAttributes;
import io.mailgenius.jobs.templates.styles.Styles;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads a template once, so that a campaign of a million mails only walks the result. Keeps
 * nothing: whoever renders many mails of one template keeps the {@link CompiledTemplate}.
 */
@Component
public class TemplateCompiler {

    private final Liquid liquid;

    public TemplateCompiler() {
        this(TemplateLimits.DEFAULT);
    }

    TemplateCompiler(TemplateLimits limits) {
        this.liquid = new Liquid(limits);
    }

    /**
     * @throws Refusal.Invalid {@code template-does-not-parse}, with the part, line, column and
     *     problem in words
     */
    public CompiledTemplate compile(TemplateSource source) {
        return compile(source, TrackedPage.NOTHING);
    }

    /** The same, with links that lead over us. */
    public CompiledTemplate compile(TemplateSource source, TrackedPage trackedPage) {
        if (source.page().isBlank() && (source.text() == null || source.text().isBlank())) {
            throw new Refusal.Invalid(
                    "template-is-empty", "A template needs an HTML part or a text part.");
        }
        TemplatePart subject = part("subject", source.subject(), Escaping.NONE);
        TemplatePart html = page(html(source), trackedPage);
        TemplatePart text =
                source.text() == null ? null : part("text", source.text(), Escaping.NONE);

        Set<String> variables = new TreeSet<>(subject.variables());
        variables.addAll(html.variables());
        if (text != null) {
            variables.addAll(text.variables());
        }
        return new CompiledTemplate(subject, html, text, variables, trackedPage);
    }

    /**
     * The HTML that the page is, or that is made of it. Whoever keeps a source keeps this as well:
     * MJML is laid out once, when it is written.
     *
     * @throws Refusal.Invalid {@code template-does-not-parse}
     */
    public String html(TemplateSource source) {
        return switch (source.syntax()) {
            case HTML -> source.page();
            case MJML -> {
                part("mjml", source.page(), Escaping.HTML);
                yield Mjml.toHtml(source.page());
            }
        };
    }

    /**
     * What the writer of a mail should know before it goes out; errors first.
     *
     * @param source with its subject
     */
    public List<Finding> inspect(TemplateSource source, Sender sender) {
        try {
            String html = html(source);
            CompiledTemplate compiled =
                    compile(TemplateSource.html(source.subject(), html, source.text()));
            return new Inspection(compiled, html, sender)
                    .findings().stream().sorted(Comparator.comparing(Finding::severity)).toList();
        } catch (Refusal.Invalid e) {
            return List.of(Finding.error(e.problem(), "template", String.valueOf(e.getMessage())));
        }
    }

    /** Read as it is written first, so that a problem is shown in the line where it stands. */
    private TemplatePart page(String noted, TrackedPage trackedPage) {
        String html = MjmlAttributes.withoutNote(noted);
        TemplatePart written = part("html", html, Escaping.HTML);
        String inlined = Styles.inlined(html);
        // Rules may ask for addresses, so these are rewritten last.
        String page = new Links(inlined).rewritten(trackedPage);
        try {
            return page.equals(html) ? written : liquid.compile("html", page, Escaping.HTML);
        } catch (Refusal.Invalid beyondLimits) {
            // Sound as it was written, and what tracking adds is too much: it goes out untracked.
            return inlined.equals(html) ? written : liquid.compile("html", inlined, Escaping.HTML);
        }
    }

    /** The links of a page that can be tracked, numbered as they come. */
    public List<Link> links(String html, Utm utm) {
        return new Links(html).all(utm);
    }

    private TemplatePart part(String name, @Nullable String source, Escaping escaping) {
        return liquid.compile(name, source == null ? "" : source, escaping);
    }
}
