package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.templates.liquid.Escaping;
import io.mailgenius.jobs.templates.liquid.LiquidParser;
import io.mailgenius.jobs.templates.liquid.LiquidSyntaxException;
import io.mailgenius.jobs.templates.liquid.TemplateProblem;

/** Parses the parts of templates with the filters and limits of mails. */
final class Liquid {

    private final LiquidParser parser;

    Liquid(TemplateLimits limits) {
        this.parser =
                new LiquidParser(
                        limits.iterations(), limits.chars(), limits.time(), MailFilters.ALL);
    }

    TemplatePart compile(String name, String source, Escaping escaping) {
        TemplateProblem.checkSize(name, source);
        try {
            return new TemplatePart(name, parser.parse(source, escaping));
        } catch (LiquidSyntaxException e) {
            throw TemplateProblem.at(name, source, e.offset(), String.valueOf(e.getMessage()));
        }
    }
}
