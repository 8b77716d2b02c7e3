package io.mailgenius.jobs.templates.liquid;

import org.jspecify.annotations.Nullable;

/** The variables of a loop. */
final class LoopScope {

    private final @Nullable LoopScope outer;
    private final String variable;
    private final String loopName;
    private final LoopState loop;
    private @Nullable Object item;

    LoopScope(@Nullable LoopScope outer, String variable, String loopName, LoopState loop) {
        this.outer = outer;
        this.variable = variable;
        this.loopName = loopName;
        this.loop = loop;
    }

    @Nullable LoopScope outer() {
        return outer;
    }

    String variable() {
        return variable;
    }

    String loopName() {
        return loopName;
    }

    LoopState loop() {
        return loop;
    }

    @Nullable Object item() {
        return item;
    }

    void setItem(@Nullable Object item) {
        this.item = item;
    }
}
