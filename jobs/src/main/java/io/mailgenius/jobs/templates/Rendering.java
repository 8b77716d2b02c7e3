package io.mailgenius.jobs.templates;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import liqp.RenderTransformer.ObjectAppender;
import liqp.TemplateContext;
import liqp.TemplateParser;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the nodes of a part, with what it may still cost. liqp itself keeps its limits in
 * {@code Template.render}, which is not on this path; here every loop, filter, output and text that
 * is put together passes by.
 */
final class Rendering extends TemplateContext {

    private static final int MAX_DIGITS = 400;
    private static final int LOOK_AT_CLOCK_EVERY = 64;
    private static final int CHARS_OF_A_STEP = 4096;
    private static final int ROOM_WITHIN = 64;

    private final Budget budget;
    private final MailLinks mailLinks;

    /** Looked at where the template has set nothing of that name itself, and never changed. */
    private final Map<String, Object> given;

    /**
     * @param given the values of this mail
     * @param room for so many characters there is room before the text has to move
     */
    Rendering(
            TemplateParser parser,
            Map<String, Object> given,
            Limits limits,
            MailLinks mailLinks,
            int room) {
        super(parser, Map.of());
        this.given = given;
        this.budget = new Budget(limits, room);
        this.mailLinks = mailLinks;
    }

    private Rendering(Map<String, Object> variables, Rendering parent) {
        super(variables, parent);
        this.given = Map.of();
        this.budget = parent.budget;
        this.mailLinks = parent.mailLinks;
    }

    MailLinks mailLinks() {
        return mailLinks;
    }

    static Rendering of(TemplateContext context) {
        return (Rendering) context;
    }

    @Override
    public TemplateContext newChildContext(Map<String, Object> variables) {
        return new Rendering(variables, this);
    }

    @Override
    public boolean containsKey(String name) {
        return super.containsKey(name) || given.containsKey(name);
    }

    @Override
    public @Nullable Object get(String name) {
        return super.containsKey(name) ? super.get(name) : given.get(name);
    }

    @Override
    public Map<String, Object> getVariables() {
        Map<String, Object> all = new LinkedHashMap<>(given);
        all.putAll(super.getVariables());
        return all;
    }

    @Override
    public void incrementIterations() {
        budget.iterations++;
        checkRounds(0);
        spend(1);
    }

    /** Before the numbers of a range are made. */
    void checkRounds(long more) {
        if (budget.iterations + more > budget.limits.iterations()) {
            throw new LimitExceeded(
                    "its loops go round more than %,d times".formatted(budget.limits.iterations()));
        }
    }

    @Override
    public ObjectAppender.Controller newObjectAppender(int estimatedNumberOfAppends) {
        return new Joined(budget.limits.chars(), budget.room());
    }

    /** Called with what a filter made, before it is passed on. */
    void weigh(@Nullable Object value) {
        long weight = weight(value, budget.limits.chars());
        check(weight);
        spend(1 + (int) (weight / CHARS_OF_A_STEP));
    }

    void check(long chars) {
        if (chars > budget.limits.chars()) {
            throw tooLong(budget.limits.chars());
        }
    }

    void spend(int steps) {
        budget.untilClock -= steps;
        if (budget.untilClock <= 0) {
            budget.untilClock = LOOK_AT_CLOCK_EVERY;
            if (System.nanoTime() - budget.start > budget.limits.time().toNanos()) {
                throw new LimitExceeded(
                        "it takes longer than %,d ms".formatted(budget.limits.time().toMillis()));
            }
        }
    }

    private static LimitExceeded tooLong(int chars) {
        return new LimitExceeded("a text in it grows over %,d characters".formatted(chars));
    }

    /** Stops counting once it is too much. */
    private static long weight(@Nullable Object value, long atMost) {
        return switch (value) {
            case null -> 0;
            case CharSequence text -> text.length();
            case BigDecimal number -> digits((long) number.precision() + Math.abs(number.scale()));
            case BigInteger number -> digits(number.bitLength() / 3);
            case Object[] array -> {
                long sum = 0;
                for (int i = 0; i < array.length && sum <= atMost; i++) {
                    sum += 8 + weight(array[i], atMost - sum);
                }
                yield sum;
            }
            case Collection<?> list -> {
                long sum = 0;
                for (var items = list.iterator(); items.hasNext() && sum <= atMost; ) {
                    sum += 8 + weight(items.next(), atMost - sum);
                }
                yield sum;
            }
            case Map<?, ?> map -> weight(map.values(), atMost);
            default -> 8;
        };
    }

    private static long digits(long digits) {
        if (digits > MAX_DIGITS) {
            throw new LimitExceeded("a number in it has more than %d digits".formatted(MAX_DIGITS));
        }
        return digits;
    }

    private static final class Budget {

        private final Limits limits;
        private final long start = System.nanoTime();
        private int iterations;
        private int untilClock = LOOK_AT_CLOCK_EVERY;
        private int room;

        private Budget(Limits limits, int room) {
            this.limits = limits;
            this.room = room;
        }

        /** Of the outermost text, which is begun first; those within are short. */
        private int room() {
            int first = room;
            room = ROOM_WITHIN;
            return first;
        }
    }

    /** What the nodes of a block gave, one after another. */
    private static final class Joined implements ObjectAppender.Controller {

        private final int limit;
        private final StringBuilder text;

        private Joined(int limit, int room) {
            this.limit = limit;
            this.text = new StringBuilder(room);
        }

        @Override
        public void append(Object value) {
            if (value instanceof CharSequence chars && chars.length() > limit - text.length()) {
                throw tooLong(limit);
            }
            text.append(value);
            if (text.length() > limit) {
                throw tooLong(limit);
            }
        }

        @Override
        public Object getResult() {
            return text.toString();
        }
    }
}
