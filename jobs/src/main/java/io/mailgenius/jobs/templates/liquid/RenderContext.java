package io.mailgenius.jobs.templates.liquid;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of one rendering: its variables and what remains of its limits. Every loop, filter,
 * output and composed text reports its cost here.
 */
public final class RenderContext {

    private static final int LOOK_AT_CLOCK_EVERY = 64;
    private static final int CHARS_OF_A_STEP = 4096;

    /** Why a block ends early. */
    enum Interrupt {
        BREAK,
        CONTINUE
    }

    private final RenderLimits limits;
    private final Map<String, ?> given;
    private final @Nullable Object companion;
    private final long start = System.nanoTime();
    private int rounds;
    private int untilClock = LOOK_AT_CLOCK_EVERY;

    private @Nullable LoopScope scope;
    private @Nullable Map<String, @Nullable Object> assigned;
    private @Nullable Map<String, Number> counters;
    private @Nullable Map<Object, Integer> positions;
    private @Nullable Interrupt interrupt;
    private String lastChanged = "";

    RenderContext(RenderLimits limits, Map<String, ?> given, @Nullable Object companion) {
        this.limits = limits;
        this.given = given;
        this.companion = companion;
    }

    /** The object that the caller passed for its own filters. */
    public @Nullable Object companion() {
        return companion;
    }

    /** Loop variables shadow assigned variables, which shadow the values of the caller. */
    @Nullable Object find(String name) {
        for (LoopScope s = scope; s != null; s = s.outer()) {
            if (name.equals(s.variable())) {
                return s.item();
            }
            if (name.equals(s.loopName())) {
                return s.loop();
            }
        }
        if (assigned != null) {
            Object value = assigned.get(name);
            if (value != null || assigned.containsKey(name)) {
                return value;
            }
        }
        if (counters != null && counters.containsKey(name)) {
            return counters.get(name);
        }
        return given.get(name);
    }

    void assign(String name, @Nullable Object value) {
        if (assigned == null) {
            assigned = new HashMap<>();
        }
        assigned.put(name, value);
    }

    /**
     * Returns the value before the step. A counter begins at 0 or at the given value of the same
     * name.
     */
    Number count(String name, int step) {
        if (counters == null) {
            counters = new HashMap<>();
        }
        Number before = counters.get(name);
        if (before == null) {
            Object value = given.get(name);
            before = value instanceof Number ? LiquidNumbers.of(value) : Long.valueOf(0);
        }
        counters.put(name, LiquidNumbers.plus(before, (long) step));
        return before;
    }

    /** The position that a cycle or a loop continues at; 0 at first. */
    int position(Object key) {
        return positions == null ? 0 : positions.getOrDefault(key, 0);
    }

    void setPosition(Object key, int position) {
        if (positions == null) {
            positions = new HashMap<>();
        }
        positions.put(key, position);
    }

    /** Whether the text differs from that of the previous call. */
    boolean isChanged(String text) {
        boolean changed = !text.equals(lastChanged);
        lastChanged = text;
        return changed;
    }

    @Nullable LoopScope scope() {
        return scope;
    }

    void setScope(@Nullable LoopScope scope) {
        this.scope = scope;
    }

    void interrupt(Interrupt by) {
        interrupt = by;
    }

    boolean isInterrupted() {
        return interrupt != null;
    }

    /** Consumes the interrupt, so that it ends this loop only. */
    @Nullable Interrupt takeInterrupt() {
        Interrupt taken = interrupt;
        interrupt = null;
        return taken;
    }

    /** Called before a loop begins. */
    void checkRounds(long more) {
        if (rounds + more > limits.rounds()) {
            throw new LiquidRenderException(
                    String.format(
                            Locale.ROOT,
                            "its loops have more than %,d iterations",
                            limits.rounds()));
        }
    }

    void countRound() {
        rounds++;
        checkRounds(0);
        spend(1);
    }

    /** Called with the result of a filter, before it is passed on. */
    void weigh(@Nullable Object value) {
        long weight = weight(value, limits.chars());
        check(weight);
        spend(1 + (int) (weight / CHARS_OF_A_STEP));
    }

    /** Called before a text of this length is created. */
    public void check(long chars) {
        if (chars > limits.chars()) {
            throw new LiquidRenderException(
                    String.format(
                            Locale.ROOT, "a text has more than %,d characters", limits.chars()));
        }
    }

    /** Checks the clock only every so many steps, so that a step costs almost nothing. */
    void spend(int steps) {
        untilClock -= steps;
        if (untilClock <= 0) {
            untilClock = LOOK_AT_CLOCK_EVERY;
            if (System.nanoTime() - start > limits.time().toNanos()) {
                throw new LiquidRenderException(
                        String.format(
                                Locale.ROOT,
                                "it takes longer than %,d ms",
                                limits.time().toMillis()));
            }
        }
    }

    /**
     * The input of a list filter: the items of a list and of its nested lists. A single value is a
     * list with one item; nil is an empty list.
     */
    List<?> items(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case IntegerRange range -> {
                check(8L * range.size());
                yield range.asList();
            }
            case List<?> list -> list.stream().anyMatch(List.class::isInstance) ? flat(list) : list;
            default -> List.of(value);
        };
    }

    private List<@Nullable Object> flat(List<?> list) {
        List<@Nullable Object> flat = new ArrayList<>();
        for (Object item : list) {
            if (item instanceof List<?> inner) {
                flat.addAll(flat(inner));
            } else {
                flat.add(item);
            }
            check(8L * flat.size());
        }
        return flat;
    }

    /** Stops counting when the limit is exceeded. */
    private static long weight(@Nullable Object value, long atMost) {
        return switch (value) {
            case String text -> text.length();
            case BigInteger number -> number.bitLength() / 3;
            case Collection<?> list -> {
                long sum = 0;
                for (var items = list.iterator(); items.hasNext() && sum <= atMost; ) {
                    sum += 8 + weight(items.next(), atMost - sum);
                }
                yield sum;
            }
            case Map<?, ?> map -> weight(map.values(), atMost);
            case SafeHtml html -> html.length();
            case null, default -> 8;
        };
    }
}
