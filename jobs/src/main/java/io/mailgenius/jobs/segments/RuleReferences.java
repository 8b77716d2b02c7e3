package io.mailgenius.jobs.segments;

import io.mailgenius.jobs.rules.Engagement;
import io.mailgenius.jobs.rules.Rule;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The lists and campaigns that a rule refers to.
 *
 * @param mailed the campaigns whose recipients it needs
 */
record RuleReferences(Set<Long> lists, Set<Long> campaigns, Set<Long> mailed) {

    static RuleReferences in(Rule rule) {
        RuleReferences ruleReferences =
                new RuleReferences(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        ruleReferences.collect(List.of(rule));
        return ruleReferences;
    }

    boolean isEmpty() {
        return lists.isEmpty() && campaigns.isEmpty();
    }

    /**
     * @throws Refusal.Invalid if one does not exist or its sends have been purged
     */
    void require(SegmentStore segments) {
        refuseUnknown("unknown-segment-list", "list", segments.unknownLists(lists));
        refuseUnknown("unknown-segment-campaign", "campaign", segments.unknownCampaigns(campaigns));
        requireSends(segments);
    }

    private static void refuseUnknown(String problem, String noun, List<Long> unknown) {
        if (!unknown.isEmpty()) {
            throw new Refusal.Invalid(
                    problem,
                    String.format(
                            Locale.ROOT,
                            "The rule names the %s %d, which is not in this workspace.",
                            noun,
                            unknown.getFirst()));
        }
    }

    /**
     * @throws Refusal.Invalid {@code forgotten-segment-campaign}, because after the purge the rule
     *     would match no recipient of the campaign
     */
    void requireSends(SegmentStore segments) {
        List<Long> forgotten = segments.forgottenCampaigns(mailed);
        if (!forgotten.isEmpty()) {
            throw new Refusal.Invalid(
                    "forgotten-segment-campaign",
                    String.format(
                            Locale.ROOT,
                            "The sends of campaign %d have been purged (MAILGENIUS_KEEP_SENDS). Use opened or clicked, whose data is kept.",
                            forgotten.getFirst()));
        }
    }

    private void collect(List<Rule> rules) {
        for (Rule rule : rules) {
            switch (rule) {
                case Rule.All(var inner) -> collect(inner);
                case Rule.Any(var inner) -> collect(inner);
                case Rule.None(var inner) -> collect(inner);
                case Rule.OnList(var list) -> lists.add(list);
                case Rule.Engaged engaged -> {
                    campaigns.addAll(engaged.campaigns());
                    if (engaged.engagement() == Engagement.MAILED) {
                        mailed.addAll(engaged.campaigns());
                    }
                }
                case Rule.Exists _,
                        Rule.TextIs _,
                        Rule.TextHas _,
                        Rule.NumberIs _,
                        Rule.NumberCompares _,
                        Rule.BooleanIs _,
                        Rule.DateFrom _,
                        Rule.DateBefore _ -> {}
            }
        }
    }
}
