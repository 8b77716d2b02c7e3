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
        if (source.html().isBlank() && (source.text() == null || source.text().isBlank())) {
            throw new Refusal.Invalid(
                    "template-is-empty", "A template needs an HTML part or a text part.");
        }
        Part subject = part("subject", source.subject(), Escaping.NONE);
        Part html =
                switch (source.syntax()) {
                    case HTML -> part("html", source.html(), Escaping.HTML);
                };
        Part text = source.text() == null ? null : part("text", source.text(), Escaping.NONE);

        Set<String> variables = new TreeSet<>(subject.variables());
        variables.addAll(html.variables());
        if (text != null) {
            variables.addAll(text.variables());
        }
        return new CompiledTemplate(subject, html, text, variables);
    }

    private Part part(String name, @Nullable String source, Escaping escaping) {
        return liquid.compile(name, source == null ? "" : source, escaping);
    }
}
