package io.mailgenius.jobs.segments;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The lists and campaigns that a rule names. */
record Mentions(Set<Long> lists, Set<Long> campaigns) {

    static Mentions in(Rule rule) {
        Mentions mentions = new Mentions(new TreeSet<>(), new TreeSet<>());
        mentions.collect(List.of(rule));
        return mentions;
    }

    boolean isEmpty() {
        return lists.isEmpty() && campaigns.isEmpty();
    }

    private void collect(List<Rule> rules) {
        for (Rule rule : rules) {
            switch (rule) {
                case Rule.All(var inner) -> collect(inner);
                case Rule.Any(var inner) -> collect(inner);
                case Rule.None(var inner) -> collect(inner);
                case Rule.OnList(var list) -> lists.add(list);
                case Rule.Engaged engaged -> campaigns.addAll(engaged.campaigns());
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
