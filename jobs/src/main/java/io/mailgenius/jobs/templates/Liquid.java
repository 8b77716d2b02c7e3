package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.templates.liquid.Escaping;
import io.mailgenius.jobs.templates.liquid.LiquidParser;
import io.mailgenius.jobs.templates.liquid.LiquidSyntaxException;

/** Reads the parts of templates, with the filters and limits of mails. */
final class Liquid {

    private final LiquidParser parser;

    Liquid(Limits limits) {
        this.parser =
                new LiquidParser(
                        limits.iterations(), limits.chars(), limits.time(), MailFilters.ALL);
    }

    Part compile(String name, String source, Escaping escaping) {
        Problem.checkSize(name, source);
        try {
            return new Part(name, parser.parse(source, escaping));
        } catch (LiquidSyntaxException e) {
            throw Problem.at(name, source, e.offset(), String.valueOf(e.getMessage()));
        }
    }
}
