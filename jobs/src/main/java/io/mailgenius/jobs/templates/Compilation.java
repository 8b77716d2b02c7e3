package io.mailgenius.jobs.templates;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import liqp.Insertion;
import liqp.TemplateParser;
import liqp.exceptions.LiquidException;
import liqp.filters.Filter;
import liqp.nodes.AtomNode;
import liqp.nodes.BlockNode;
import liqp.nodes.FilterNode;
import liqp.nodes.InsertionNode;
import liqp.nodes.LNode;
import liqp.nodes.LookupNode;
import liqp.org.antlr.v4.runtime.tree.ParseTree;
import liqp.parser.v4.NodeVisitor;
import liquid.parser.v4.LiquidParser.AssignmentContext;
import liquid.parser.v4.LiquidParser.AtomContext;
import liquid.parser.v4.LiquidParser.BlockContext;
import liquid.parser.v4.LiquidParser.Capture_tag_IdContext;
import liquid.parser.v4.LiquidParser.Capture_tag_StrContext;
import liquid.parser.v4.LiquidParser.Cycle_tagContext;
import liquid.parser.v4.LiquidParser.ExprContext;
import liquid.parser.v4.LiquidParser.FilterContext;
import liquid.parser.v4.LiquidParser.For_arrayContext;
import liquid.parser.v4.LiquidParser.For_rangeContext;
import liquid.parser.v4.LiquidParser.Include_tagContext;
import liquid.parser.v4.LiquidParser.IndexContext;
import liquid.parser.v4.LiquidParser.Lookup_id_indexesContext;
import liquid.parser.v4.LiquidParser.OutputContext;
import liquid.parser.v4.LiquidParser.Simple_tagContext;
import liquid.parser.v4.LiquidParser.Table_tagContext;
import liquid.parser.v4.LiquidParser.Term_lookupContext;

/**
 * Makes the node tree of a part: liqp's own, but every place where a value goes out escapes it,
 * each filter is weighed, and what is not safe in many hands at once is replaced.
 */
final class Compilation extends NodeVisitor {

    private final Escaping escaping;
    private final Insertion capture;
    private final Insertion cycle;
    private final Insertion loop;
    private final Set<String> variables;
    private final Set<String> named = new HashSet<>(Set.of("forloop", "tablerowloop"));

    Compilation(TemplateParser parser, Escaping escaping, Set<String> variables) {
        super(parser.insertions, parser.filters, parser.liquidStyleInclude);
        this.escaping = escaping;
        this.capture = new Capture(escaping);
        this.cycle = parser.insertions.get("cycle");
        this.loop = parser.insertions.get("for");
        this.variables = variables;
    }

    /** The root, once: what the template names itself is not asked of the contact. */
    @Override
    public LNode visit(ParseTree tree) {
        LNode node = super.visit(tree);
        if (tree.getParent() == null) {
            variables.removeIf(name -> named.contains(name.split("\\.", 2)[0]));
        }
        return node;
    }

    /** An inline comment has no node, which liqp's loops do not expect. */
    @Override
    public BlockNode visitBlock(BlockContext ctx) {
        BlockNode block = new BlockNode();
        for (AtomContext atom : ctx.atom()) {
            LNode node = visit(atom);
            if (node != null) {
                block.add(node);
            }
        }
        return block;
    }

    @Override
    public LNode visitOutput(OutputContext ctx) {
        LNode value = visit(ctx.evaluate != null ? ctx.expr() : ctx.term());
        List<FilterNode> filters = new ArrayList<>();
        for (FilterContext filter : ctx.filter()) {
            filters.add(visitFilter(filter));
        }
        return filters.isEmpty() && value instanceof PlainLookup lookup
                ? new Output(lookup.variable(), filters, escaping)
                : new Output(value, filters, escaping);
    }

    @Override
    public FilterNode visitFilter(FilterContext ctx) {
        String name = ctx.Id().getText();
        Filter filter = LiquidFilters.weighed(name);
        if (filter == null) {
            throw new LiquidException("there is no filter \"" + name + "\"", ctx);
        }
        FilterNode node = new FilterNode(ctx, filter);
        if (ctx.params() != null) {
            ctx.params().param_expr().forEach(param -> node.add(visit(param)));
        }
        return node;
    }

    /** In a condition or before a filter a value is only text, whatever it is when it goes out. */
    @Override
    public LNode visitTerm_lookup(Term_lookupContext ctx) {
        return new PlainLookup(visit(ctx.lookup()));
    }

    /** liqp's own index keeps the key of the rendering before in a field: others would read it. */
    @Override
    public LookupNode visitLookup_id_indexes(Lookup_id_indexesContext ctx) {
        LookupNode node = new LookupNode(ctx.id().getText());
        StringBuilder name = new StringBuilder(ctx.id().getText());
        boolean known = true;
        for (IndexContext index : ctx.index()) {
            if (index.Dot() != null) {
                String key = index.id2().getText();
                node.add(new LookupNode.Hash(key));
                if (known) {
                    name.append('.').append(key);
                }
            } else {
                LNode key = visit(index.expr());
                String text = index.expr().getText();
                node.add((value, context) -> new LookupNode.Index(key, text).get(value, context));
                known &= text.matches("'[^']*'|\"[^\"]*\"");
                if (known) {
                    name.append('.').append(text, 1, text.length() - 1);
                }
            }
        }
        variables.add(name.toString());
        return node;
    }

    @Override
    public LNode visitCapture_tag_Id(Capture_tag_IdContext ctx) {
        return capture(ctx.id().getText(), ctx.block());
    }

    @Override
    public LNode visitCapture_tag_Str(Capture_tag_StrContext ctx) {
        String quoted = ctx.Str().getText();
        return capture(quoted.substring(1, quoted.length() - 1), ctx.block());
    }

    private LNode capture(String name, BlockContext block) {
        named.add(name);
        return new InsertionNode(capture, new AtomNode(name), visitBlock(block));
    }

    /** Gives its values out without an output tag. */
    @Override
    public LNode visitCycle_tag(Cycle_tagContext ctx) {
        List<LNode> nodes = new ArrayList<>();
        ExprContext group = ctx.cycle_group().expr();
        nodes.add(
                group == null
                        ? new AtomNode(ctx.getText())
                        : new Output(visit(group), List.of(), escaping));
        for (ExprContext value : ctx.expr()) {
            nodes.add(new Output(visit(value), List.of(), escaping));
        }
        return new InsertionNode(cycle, nodes);
    }

    @Override
    public LNode visitAssignment(AssignmentContext ctx) {
        named.add(ctx.id().getText());
        return super.visitAssignment(ctx);
    }

    @Override
    public LNode visitFor_array(For_arrayContext ctx) {
        named.add(ctx.id().getText());
        return super.visitFor_array(ctx);
    }

    @Override
    public LNode visitFor_range(For_rangeContext ctx) {
        String id = ctx.id().getText();
        named.add(id);
        List<LNode> nodes = new ArrayList<>();
        nodes.add(new AtomNode(true));
        nodes.add(new AtomNode(id));
        nodes.add(new Range(visit(ctx.from), visit(ctx.to)));
        nodes.add(visitBlock(ctx.block()));
        nodes.add(new BlockNode());
        nodes.add(new AtomNode("(" + ctx.from.getText() + ".." + ctx.to.getText() + ")"));
        nodes.add(new AtomNode(ctx.Reversed() != null));
        ctx.for_attribute().forEach(attribute -> nodes.add(visit(attribute)));
        return new InsertionNode(loop, nodes);
    }

    @Override
    public LNode visitTable_tag(Table_tagContext ctx) {
        named.add(ctx.id().getText());
        return super.visitTable_tag(ctx);
    }

    /** {@code increment} and {@code decrement} make the counter that they name. */
    @Override
    public LNode visitSimple_tag(Simple_tagContext ctx) {
        if (ctx.other_tag_parameters() != null) {
            named.add(ctx.other_tag_parameters().getText().strip());
        }
        return super.visitSimple_tag(ctx);
    }

    /** It would read files of this machine. */
    @Override
    public LNode visitInclude_tag(Include_tagContext ctx) {
        throw new LiquidException("there is no tag \"include\"", ctx);
    }
}
