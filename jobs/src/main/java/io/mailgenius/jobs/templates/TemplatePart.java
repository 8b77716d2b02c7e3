package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.templates.links.MailLinks;
import io.mailgenius.jobs.templates.liquid.LiquidTemplate;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Map;
import java.util.Set;

/** The subject, the HTML or the text of a template, parsed once and rendered for each mail. */
record TemplatePart(String name, LiquidTemplate template) {

    Set<String> variables() {
        return template.variables();
    }

    String render(Map<String, Object> values) {
        return render(values, MailLinks.PLAIN);
    }

    /**
     * Reports every failure as a refusal, because it is caused by the template or the contact and
     * never by the caller.
     */
    String render(Map<String, Object> values, MailLinks links) {
        try {
            return template.render(values, links);
        } catch (RuntimeException e) {
            throw new Refusal.Invalid(
                    "template-does-not-render",
                    "The %s cannot be rendered: %s.".formatted(name, e.getMessage()));
        }
    }
}
