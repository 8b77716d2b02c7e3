package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.workspaces.Refusal;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import liqp.Template;
import liqp.TemplateParser;
import liqp.exceptions.LiquidException;
import liqp.nodes.LNode;
import liqp.parser.Flavor;

/**
 * Liquid as liqp reads it, with the node tree kept. {@code Template.render} of liqp walks the parse
 * tree again at every call and costs twenty times as much.
 */
final class Liquid {

    private static final int MOST_ROOM = 128 * 1024;

    private final Limits limits;
    private final TemplateParser parser;

    Liquid(Limits limits) {
        this.limits = limits;
        var builder =
                new TemplateParser.Builder()
                        .withFlavor(Flavor.LIQUID)
                        // Imported attributes are texts: "7" > 5 compares as numbers.
                        .withStrictTypedExpressions(false)
                        .withDefaultTimeZone(ZoneOffset.UTC)
                        .withDateParser(new Dates());
        LiquidFilters.ALL.forEach(builder::withFilter);
        this.parser = builder.build();
    }

    Part compile(String name, String source, Escaping escaping) {
        Problem.check(name, source);
        try {
            Template template = parser.parse(source);
            Set<String> variables = new HashSet<>();
            LNode nodes =
                    new Compilation(parser, escaping, variables).visit(template.getParseTree());
            return new Part(
                    name, nodes, Set.copyOf(variables), parser, limits, room(source.length()));
        } catch (LiquidException e) {
            throw Problem.at(name, source, e);
        } catch (RuntimeException e) {
            throw new Refusal.Invalid(
                    Problem.SLUG, "The %s cannot be read: %s.".formatted(name, e.getMessage()));
        }
    }

    /** What comes out is mostly a little longer than what went in. */
    private static int room(int source) {
        return Math.min(MOST_ROOM, source + source / 4 + 64);
    }
}
