package io.mailgenius.jobs.templates.liquid;

import java.util.Arrays;
import java.util.List;

/** Nodes one after another. */
final class BlockNode implements TemplateNode {

    static final BlockNode EMPTY = new BlockNode(List.of());

    private final TemplateNode[] nodes;
    private final boolean blank;

    BlockNode(List<TemplateNode> nodes) {
        this.nodes = nodes.toArray(TemplateNode[]::new);
        this.blank = nodes.stream().allMatch(TemplateNode::isBlank);
    }

    @Override
    public void render(RenderContext context, StringBuilder out) {
        for (TemplateNode node : nodes) {
            node.render(context, out);
            if (context.isInterrupted()) {
                return;
            }
        }
        context.check(out.length());
    }

    @Override
    public boolean isBlank() {
        return blank;
    }

    /** Of blank nodes only, and so of white space that nobody meant to be seen. */
    BlockNode withoutText() {
        return new BlockNode(
                Arrays.stream(nodes).filter(node -> !(node instanceof TextNode)).toList());
    }
}
