package io.mailgenius.jobs.templates.liquid;

import java.util.Arrays;
import java.util.List;

/** A sequence of nodes. */
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

    /**
     * Drops the text of a block that only contains blank nodes, so that its white space is not
     * rendered.
     */
    BlockNode withoutText() {
        return new BlockNode(
                Arrays.stream(nodes).filter(node -> !(node instanceof TextNode)).toList());
    }
}
