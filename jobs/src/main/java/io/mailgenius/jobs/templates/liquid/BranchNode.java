package io.mailgenius.jobs.templates.liquid;

import java.util.List;

/** The tags {@code if} and {@code unless}. They render the first branch whose condition is true. */
record BranchNode(Branch[] branches, boolean isBlank) implements TemplateNode {

    /** A condition and the block that is rendered if it is true. */
    record Branch(Condition condition, boolean expected, BlockNode block) {

        Branch withoutText() {
            return new Branch(condition, expected, block.withoutText());
        }
    }

    static BranchNode of(List<Branch> branches) {
        boolean blank = branches.stream().allMatch(branch -> branch.block().isBlank());
        return new BranchNode(
                branches.stream()
                        .map(branch -> blank ? branch.withoutText() : branch)
                        .toArray(Branch[]::new),
                blank);
    }

    @Override
    public void render(RenderContext context, StringBuilder out) {
        for (Branch branch : branches) {
            if (branch.condition.holds(context) == branch.expected) {
                branch.block.render(context, out);
                return;
            }
        }
    }
}
