package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Map;
import java.util.Set;
import liqp.TemplateParser;
import liqp.exceptions.ExceededMaxIterationsException;
import liqp.nodes.LNode;

/**
 * The subject, the HTML or the text of a template: its nodes, walked once for each mail.
 *
 * @param room how many characters it will probably have
 */
record Part(
        String name,
        LNode nodes,
        Set<String> variables,
        TemplateParser parser,
        Limits limits,
        int room) {

    String render(Map<String, Object> values) {
        return render(values, MailLinks.PLAIN);
    }

    String render(Map<String, Object> values, MailLinks links) {
        try {
            Object result = nodes.render(new Rendering(parser, values, limits, links, room));
            // A break or continue outside of any loop ends the part and leaves no text.
            return result instanceof CharSequence text ? text.toString() : "";
        } catch (RuntimeException e) {
            throw refusal(e);
        }
    }

    /** Whatever goes wrong here comes from the template or the contact, never from the caller. */
    private Refusal refusal(RuntimeException e) {
        Throwable cause = e;
        String words = String.valueOf(e.getMessage());
        while (true) {
            if (cause instanceof LimitExceeded || cause instanceof ExceededMaxIterationsException) {
                words = String.valueOf(cause.getMessage());
                break;
            }
            if (cause.getCause() == null) {
                break;
            }
            cause = cause.getCause();
        }
        return new Refusal.Invalid(
                "template-does-not-render",
                "The %s cannot be rendered: %s.".formatted(name, words));
    }
}
