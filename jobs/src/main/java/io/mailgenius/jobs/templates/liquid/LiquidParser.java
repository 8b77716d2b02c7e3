package io.mailgenius.jobs.templates.liquid;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads Liquid. Keeps nothing of what it has read. */
public final class LiquidParser {

    private static final int MOST_ROOM = 128 * 1024;

    private final RenderLimits limits;
    private final Map<String, FilterDefinition> filters;

    /**
     * @param rounds that all loops of a rendering may go
     * @param chars of any text, list or number that it makes on its way
     * @param time looked at while it loops and filters
     * @param more filters beside the usual ones, or instead of them
     */
    public LiquidParser(int rounds, int chars, Duration time, Collection<FilterDefinition> more) {
        this.limits = new RenderLimits(rounds, chars, time);
        Map<String, FilterDefinition> all = new HashMap<>(StandardFilters.ALL);
        more.forEach(filter -> all.put(filter.name(), filter));
        this.filters = Map.copyOf(all);
    }

    /**
     * @param escaping of the values that go out
     * @throws LiquidSyntaxException with the place of the problem
     */
    public LiquidTemplate parse(String source, Escaping escaping) {
        Set<String> variables = new TreeSet<>();
        Set<String> own = new TreeSet<>(List.of("forloop", "tablerowloop"));
        TagParser tags = new TagParser(source, escaping, filters, variables, own);
        BlockNode root = new BlockParser(source, SourceTokenizer.tokenize(source), tags).all();
        variables.removeIf(name -> own.contains(name.split("\\.", 2)[0]));
        return new LiquidTemplate(root, variables, limits, room(source.length()));
    }

    /** What comes out is mostly a little longer than what went in. */
    private static int room(int source) {
        return Math.min(MOST_ROOM, source + source / 4 + 64);
    }
}
