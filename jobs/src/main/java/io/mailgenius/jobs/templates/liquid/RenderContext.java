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
 * One walk over the nodes of a template: its variables, and what the walk may still cost. Every
 * loop, filter, output and text that is put together passes by here.
 */
public final class RenderContext {

    private static final int LOOK_AT_CLOCK_EVERY = 64;
    private static final int CHARS_OF_A_STEP = 4096;

    /** Why a block ends before its end. */
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

    /** What the caller of the rendering gave for its own filters. */
    public @Nullable Object companion() {
        return companion;
    }

    /** Loops go before what was assigned, and that before what was given. */
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

    /** The value before the step; a counter begins at 0 or at what was given by its name. */
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

    /** Where something that goes on later stands: a cycle, a loop; 0 at first. */
    int position(Object key) {
        return positions == null ? 0 : positions.getOrDefault(key, 0);
    }

    void setPosition(Object key, int position) {
        if (positions == null) {
            positions = new HashMap<>();
        }
        positions.put(key, position);
    }

    /** Whether the text is another one than the last that was asked for. */
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

    /** The interrupt that a loop obeys, which ends it. */
    @Nullable Interrupt takeInterrupt() {
        Interrupt taken = interrupt;
        interrupt = null;
        return taken;
    }

    /** Before the rounds of a loop begin. */
    void checkRounds(long more) {
        if (rounds + more > limits.rounds()) {
            throw new LiquidRenderException(
                    String.format(
                            Locale.ROOT,
                            "its loops go round more than %,d times",
                            limits.rounds()));
        }
    }

    void countRound() {
        rounds++;
        checkRounds(0);
        spend(1);
    }

    /** Called with what a filter made, before it is passed on. */
    void weigh(@Nullable Object value) {
        long weight = weight(value, limits.chars());
        check(weight);
        spend(1 + (int) (weight / CHARS_OF_A_STEP));
    }

    /** Before a text of that length is made. */
    public void check(long chars) {
        if (chars > limits.chars()) {
            throw new LiquidRenderException(
                    String.format(
                            Locale.ROOT, "a text in it grows over %,d characters", limits.chars()));
        }
    }

    /** Time is looked at after a number of steps, so that a step costs nothing. */
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
     * What a filter for lists works on: the items of a list and of the lists in it; a value alone
     * is a list of one, and nothing is an empty one.
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

    /** Stops counting once it is too much. */
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
