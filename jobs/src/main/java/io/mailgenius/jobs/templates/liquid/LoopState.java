package io.mailgenius.jobs.templates.liquid;

import org.jspecify.annotations.Nullable;

/** {@code forloop} and {@code tablerowloop}: the progress of a loop. */
final class LoopState {

    private final String name;
    private final int length;
    private final int columns;
    private final @Nullable LoopState parent;
    private int index;
    private int row = 1;
    private int column = 1;

    /** For the tag {@code for}. */
    LoopState(String name, int length, @Nullable LoopState parent) {
        this.name = name;
        this.length = length;
        this.columns = -1;
        this.parent = parent;
    }

    /** For the tag {@code tablerow}. */
    LoopState(int length, int columns) {
        this.name = "";
        this.length = length;
        this.columns = columns;
        this.parent = null;
    }

    private boolean isTable() {
        return name.isEmpty();
    }

    void advance() {
        index++;
        boolean full = column == columns;
        row += full ? 1 : 0;
        column = full ? 1 : column + 1;
    }

    int column() {
        return column;
    }

    int row() {
        return row;
    }

    boolean isAtEndOfRow() {
        return column == columns;
    }

    boolean isLast() {
        return index == length - 1;
    }

    @Nullable Object member(String property) {
        return switch (property) {
            case "length" -> length;
            case "index" -> index + 1;
            case "index0" -> index;
            case "rindex" -> length - index;
            case "rindex0" -> length - index - 1;
            case "first" -> index == 0;
            case "last" -> isLast();
            default -> isTable() ? ofTable(property) : ofLoop(property);
        };
    }

    private @Nullable Object ofLoop(String property) {
        return switch (property) {
            case "name" -> name;
            case "parentloop" -> parent;
            default -> null;
        };
    }

    private @Nullable Object ofTable(String property) {
        return switch (property) {
            case "col" -> column;
            case "col0" -> column - 1;
            case "col_first" -> column == 1;
            case "col_last" -> isAtEndOfRow();
            case "row" -> row;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return isTable() ? "Liquid::TablerowloopDrop" : "Liquid::ForloopDrop";
    }
}
