package io.mailgenius.jobs.templates.liquid;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Parses Liquid. It is stateless. */
public final class LiquidParser {

    private static final int MOST_ROOM = 128 * 1024;

    private final RenderLimits limits;
    private final Map<String, FilterDefinition> filters;

    /**
     * @param rounds the largest number of iterations of all loops in one rendering
     * @param chars the largest size of any text, list or number made while rendering
     * @param time the time limit, checked in loops and filters only
     * @param more additional filters, which replace standard filters of the same name
     */
    public LiquidParser(int rounds, int chars, Duration time, Collection<FilterDefinition> more) {
        this.limits = new RenderLimits(rounds, chars, time);
        Map<String, FilterDefinition> all = new HashMap<>(StandardFilters.ALL);
        more.forEach(filter -> all.put(filter.name(), filter));
        this.filters = Map.copyOf(all);
    }

    /**
     * @param escaping how rendered values are escaped
     * @throws LiquidSyntaxException with the position of the problem
     */
    public LiquidTemplate parse(String source, Escaping escaping) {
        Set<String> variables = new TreeSet<>();
        Set<String> own = new TreeSet<>(List.of("forloop", "tablerowloop"));
        TagParser tags = new TagParser(source, escaping, filters, variables, own);
        BlockNode root = new BlockParser(source, SourceTokenizer.tokenize(source), tags).all();
        variables.removeIf(name -> own.contains(name.split("\\.", 2)[0]));
        return new LiquidTemplate(root, variables, limits, expectedLength(source.length()));
    }

    /** Estimates the length of the result, which is usually a little longer than the source. */
    private static int expectedLength(int source) {
        return Math.min(MOST_ROOM, source + source / 4 + 64);
    }
}
