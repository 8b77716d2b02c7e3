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
 * Compiles a template once, so that each mail of a campaign only walks the node tree. It caches
 * nothing: callers that render many mails keep the {@link CompiledTemplate}.
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
     *     problem
     */
    public CompiledTemplate compile(TemplateSource source) {
        return compile(source, TrackedPage.NOTHING);
    }

    /** Compiles with tracked links. */
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
     * Returns the HTML page, compiled from MJML if the source has MJML. Callers store it beside the
     * source, so that MJML is compiled only once.
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
     * Checks a mail before it is sent. Errors come first.
     *
     * @param source including its subject
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

    /** Parses the page as written first, so that the position of a problem refers to the source. */
    private TemplatePart page(String noted, TrackedPage trackedPage) {
        String html = MjmlAttributes.withoutNote(noted);
        TemplatePart written = part("html", html, Escaping.HTML);
        String inlined = Styles.inlined(html);
        // Links are rewritten last, because selectors may match on href.
        String page = new Links(inlined).rewritten(trackedPage);
        try {
            return page.equals(html) ? written : liquid.compile("html", page, Escaping.HTML);
        } catch (Refusal.Invalid beyondLimits) {
            // If the page parses only without the tracking code, which makes it too long, it is
            // sent untracked.
            return inlined.equals(html) ? written : liquid.compile("html", inlined, Escaping.HTML);
        }
    }

    /** The links of a page that can be tracked, numbered in document order. */
    public List<Link> links(String html, Utm utm) {
        return new Links(html).all(utm);
    }

    private TemplatePart part(String name, @Nullable String source, Escaping escaping) {
        return liquid.compile(name, source == null ? "" : source, escaping);
    }
}
