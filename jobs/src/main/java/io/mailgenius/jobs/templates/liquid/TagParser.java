package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.BlockParser.ParsedBlock;
import io.mailgenius.jobs.templates.liquid.BranchNode.Branch;
import io.mailgenius.jobs.templates.liquid.Condition.Comparison;
import io.mailgenius.jobs.templates.liquid.RenderContext.Interrupt;
import io.mailgenius.jobs.templates.liquid.SourceToken.Kind;
import io.mailgenius.jobs.templates.liquid.Symbol.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses tags into nodes, with the blocks that belong to them. */
final class TagParser {

    private static final int MAX_TAG = 2_000;
    private static final int SHOWN = 60;

    private static final Set<String> PARTS = Set.of("else", "elsif", "when");
    private static final Set<String> OF_BRANCHES = Set.of("else", "elsif");
    private static final Pattern NAME = Pattern.compile("[\\w\\p{L}\\p{M}.\\[\\]()?-]+");

    private final String source;
    private final Escaping escaping;
    private final Map<String, FilterDefinition> filters;
    private final Set<String> variables;
    private final Set<String> own;

    /**
     * @param variables receives the variables that the template reads
     * @param own receives the variables that the template assigns
     */
    TagParser(
            String source,
            Escaping escaping,
            Map<String, FilterDefinition> filters,
            Set<String> variables,
            Set<String> own) {
        this.source = source;
        this.escaping = escaping;
        this.filters = filters;
        this.variables = variables;
        this.own = own;
    }

    static boolean isPartOfAnother(String name) {
        return PARTS.contains(name) || name.startsWith("end");
    }

    LiquidSyntaxException unknown(SourceToken token) {
        if (token.name().isEmpty()) {
            return cannotBeRead(token);
        }
        int name = source.indexOf(token.name(), token.start());
        return new LiquidSyntaxException(name, "there is no tag \"%s\"".formatted(token.name()));
    }

    String quoted(SourceToken token) {
        String text = source.substring(token.start(), token.end());
        return '"' + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + '"';
    }

    private LiquidSyntaxException cannotBeRead(SourceToken token) {
        return new LiquidSyntaxException(token.start(), quoted(token) + " cannot be read");
    }

    OutputNode output(SourceToken token) {
        return new OutputNode(markup(token, MarkupParser::filteredValue), escaping);
    }

    TextNode raw(SourceToken token) {
        return new TextNode(
                source.substring(token.contentStart(), token.contentEnd()),
                token.contentStart() == token.contentEnd());
    }

    void requireSound(SourceToken token) {
        boolean isOne = token.kind() == Kind.TAG || token.kind() == Kind.OUTPUT;
        if (!token.closed()) {
            throw new LiquidSyntaxException(
                    token.start(),
                    "this tag is not closed"
                            + (isOne ? "" : "; an end" + token.name() + " is missing"));
        }
        if (isOne
                && token.end() - token.start() > MAX_TAG
                && !token.name().equals("liquid")
                && !token.name().equals("#")) {
            throw new LiquidSyntaxException(
                    token.start(),
                    String.format(
                            Locale.ROOT,
                            "this tag is not closed, or longer than %,d characters",
                            MAX_TAG));
        }
    }

    /** Returns false if the tag is unknown or only valid inside of another tag. */
    boolean tag(SourceToken token, BlockParser blocks, List<TemplateNode> nodes) {
        switch (token.name()) {
            case "#" -> comment(token);
            case "assign" -> nodes.add(assign(token));
            case "break" -> nodes.add(new InterruptNode(Interrupt.BREAK));
            case "capture" -> nodes.add(capture(token, blocks));
            case "case" -> nodes.add(caseOf(token, blocks));
            case "continue" -> nodes.add(new InterruptNode(Interrupt.CONTINUE));
            case "cycle" -> nodes.add(markup(token, this::cycle));
            case "decrement" -> nodes.add(new CounterNode(counter(token), false));
            case "echo" -> nodes.add(output(token));
            case "for" -> nodes.add(forEach(token, blocks));
            case "if" -> nodes.add(branches(token, blocks, true));
            case "ifchanged" ->
                    nodes.add(
                            new IfChangedNode(blocks.block(token, Set.of("endifchanged")).block()));
            case "increment" -> nodes.add(new CounterNode(counter(token), true));
            case "liquid" -> nodes.addAll(lines(token));
            case "tablerow" -> nodes.add(tableRow(token, blocks));
            case "unless" -> nodes.add(branches(token, blocks, false));
            default -> {
                return false;
            }
        }
        return true;
    }

    private <T> T markup(SourceToken token, Function<MarkupParser, T> reader) {
        try {
            return reader.apply(
                    new MarkupParser(
                            MarkupLexer.lex(source, token.contentStart(), token.contentEnd()),
                            filters,
                            variables::add));
        } catch (UnreadableMarkup e) {
            throw cannotBeRead(token);
        }
    }

    private String content(SourceToken token) {
        return source.substring(token.contentStart(), token.contentEnd());
    }

    /** Each line of an inline comment must begin with {@code #}. */
    private void comment(SourceToken token) {
        boolean all =
                content(token)
                        .lines()
                        .skip(1)
                        .map(String::strip)
                        .allMatch(line -> line.isEmpty() || line.startsWith("#"));
        if (!all) {
            throw new LiquidSyntaxException(
                    token.start(), "each line of a comment like this begins with #");
        }
    }

    private AssignNode assign(SourceToken token) {
        int equals = source.indexOf('=', token.contentStart());
        if (equals < 0 || equals >= token.contentEnd()) {
            throw new LiquidSyntaxException(token.contentEnd(), "\"=\" is missing before \"%}\"");
        }
        String name = source.substring(token.contentStart(), equals).strip();
        if (!NAME.matcher(name).matches()) {
            throw cannotBeRead(token);
        }
        own.add(name);
        SourceToken value =
                new SourceToken(
                        token.kind(),
                        token.start(),
                        token.end(),
                        equals + 1,
                        token.contentEnd(),
                        token.name(),
                        token.trimsBefore(),
                        token.trimsAfter(),
                        token.closed());
        return new AssignNode(name, markup(value, MarkupParser::filteredValue));
    }

    private CaptureNode capture(SourceToken token, BlockParser blocks) {
        String name = content(token).strip();
        boolean isQuoted =
                name.length() > 2
                        && (name.startsWith("'") && name.endsWith("'")
                                || name.startsWith("\"") && name.endsWith("\""));
        String bare = isQuoted ? name.substring(1, name.length() - 1) : name;
        if (!NAME.matcher(bare).matches()) {
            throw cannotBeRead(token);
        }
        own.add(bare);
        BlockNode block = blocks.block(token, Set.of("endcapture")).block();
        return new CaptureNode(bare, block, escaping);
    }

    private String counter(SourceToken token) {
        String name = content(token).strip();
        if (name.isEmpty()) {
            throw cannotBeRead(token);
        }
        own.add(name);
        return name;
    }

    private BranchNode branches(SourceToken token, BlockParser blocks, boolean expected) {
        String end = "end" + token.name();
        Set<String> ends = Set.of("else", "elsif", end);
        List<Branch> branches = new ArrayList<>();
        Condition condition = markup(token, MarkupParser::condition);
        boolean holds = expected;
        for (SourceToken opening = token; ; ) {
            ParsedBlock ended = blocks.block(opening, ends);
            branches.add(new Branch(condition, holds, ended.block()));
            opening = ended.by();
            if (!OF_BRANCHES.contains(opening.name())) {
                return BranchNode.of(branches);
            }
            condition =
                    opening.name().equals("else")
                            ? Condition.ALWAYS
                            : markup(opening, MarkupParser::condition);
            holds = true;
        }
    }

    private CaseNode caseOf(SourceToken token, BlockParser blocks) {
        Expression value = markup(token, MarkupParser::expression);
        Set<String> ends = Set.of("when", "else", "endcase");
        ParsedBlock ended = blocks.block(token, ends);
        BlockNode before = ended.block();
        List<CaseNode.When> whens = new ArrayList<>();
        while (!ended.by().name().equals("endcase")) {
            SourceToken opening = ended.by();
            List<Comparison> values =
                    opening.name().equals("else")
                            ? List.of()
                            : markup(opening, markup -> values(value, markup));
            ended = blocks.block(opening, ends);
            whens.add(new CaseNode.When(values, ended.block()));
        }
        return CaseNode.of(before, whens);
    }

    /** Ignores everything after the last valid value, as Liquid does. */
    private static List<Comparison> values(Expression value, MarkupParser markup) {
        List<Comparison> values = new ArrayList<>();
        do {
            values.add(new Comparison(value, Condition.Operator.EQUAL, markup.expression()));
        } while ((markup.accept(Type.COMMA) || markup.acceptName("or")) && !markup.isAtEnd());
        return values;
    }

    /** Renders its values directly, without an output node. */
    private CycleNode cycle(MarkupParser markup) {
        List<Expression> values = new ArrayList<>();
        Expression first = markup.expression();
        Expression group = null;
        if (markup.accept(Type.COLON)) {
            group = first;
        } else {
            values.add(first);
            markup.accept(Type.COMMA);
        }
        while (!markup.isAtEnd()) {
            values.add(markup.expression());
            if (!markup.accept(Type.COMMA)) {
                markup.expectEnd();
            }
        }
        boolean shared = values.stream().allMatch(Expression.Literal.class::isInstance);
        return new CycleNode(group, shared, List.copyOf(values), escaping);
    }

    /** The markup after {@code in}, with the text of the list that identifies the loop. */
    private record Loop(
            String variable,
            Expression items,
            String written,
            Map<String, Expression> options,
            boolean continues,
            boolean reversed) {

        @Nullable Expression option(String name) {
            return options.get(name);
        }
    }

    private Loop loop(MarkupParser markup) {
        String variable = markup.expect(Type.NAME, "a name").text();
        if (!markup.acceptName("in")) {
            throw new UnreadableMarkup();
        }
        int start = markup.peek().offset();
        Expression items = markup.expression();
        String written = source.substring(start, markup.peek().offset()).strip();
        Map<String, Expression> options = new HashMap<>();
        boolean continues = false;
        boolean reversed = false;
        while (!markup.isAtEnd()) {
            if (markup.accept(Type.COMMA)) {
                continue;
            }
            String option = markup.expect(Type.NAME, "a name").text();
            if (option.equals("reversed")) {
                reversed = true;
                continue;
            }
            markup.expect(Type.COLON, "\":\"");
            if (option.equals("offset") && markup.acceptName("continue")) {
                continues = true;
            } else {
                options.put(option, markup.expression());
            }
        }
        own.add(variable);
        return new Loop(variable, items, written, options, continues, reversed);
    }

    private ForNode forEach(SourceToken token, BlockParser blocks) {
        Loop loop = markup(token, this::loop);
        ParsedBlock ended = blocks.block(token, Set.of("else", "endfor"));
        BlockNode block = ended.block();
        BlockNode otherwise = BlockNode.EMPTY;
        while (ended.by().name().equals("else")) {
            ended = blocks.block(ended.by(), Set.of("else", "endfor"));
            otherwise = ended.block();
        }
        return ForNode.of(
                new ForNode.Header(
                        loop.variable(),
                        loop.variable() + "-" + loop.written(),
                        loop.items(),
                        loop.option("limit"),
                        loop.option("offset"),
                        loop.continues(),
                        loop.reversed()),
                block,
                otherwise);
    }

    private TableRowNode tableRow(SourceToken token, BlockParser blocks) {
        Loop loop = markup(token, this::loop);
        return new TableRowNode(
                loop.variable(),
                loop.items(),
                loop.option("cols"),
                loop.option("limit"),
                loop.option("offset"),
                blocks.block(token, Set.of("endtablerow")).block());
    }

    /** The tag {@code liquid}: one tag per line. Blocks must end inside of it. */
    private List<TemplateNode> lines(SourceToken token) {
        List<SourceToken> lines = TagLines.of(source, token);
        BlockNode block = new BlockParser(source, lines, this).all();
        return List.of(block);
    }
}
