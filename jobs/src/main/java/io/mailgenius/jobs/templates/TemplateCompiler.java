package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.workspaces.Refusal;
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
        this(Limits.DEFAULT);
    }

    TemplateCompiler(Limits limits) {
        this.liquid = new Liquid(limits);
    }

    /**
     * @throws Refusal.Invalid {@code template-does-not-parse}, with the part, line, column and
     *     problem in words
     */
    public CompiledTemplate compile(TemplateSource source) {
        if (source.page().isBlank() && (source.text() == null || source.text().isBlank())) {
            throw new Refusal.Invalid(
                    "template-is-empty", "A template needs an HTML part or a text part.");
        }
        Part subject = part("subject", source.subject(), Escaping.NONE);
        Part html = part("html", html(source), Escaping.HTML);
        Part text = source.text() == null ? null : part("text", source.text(), Escaping.NONE);

        Set<String> variables = new TreeSet<>(subject.variables());
        variables.addAll(html.variables());
        if (text != null) {
            variables.addAll(text.variables());
        }
        return new CompiledTemplate(subject, html, text, variables);
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

    private Part part(String name, @Nullable String source, Escaping escaping) {
        return liquid.compile(name, source == null ? "" : source, escaping);
    }
}
