package io.mailgenius.engine.operations;

/**
 * An effect outside of the database that a restart may have again.
 *
 * @param name of the kind of effect, a key for texts, such as {@code recognised}
 * @param count how many there are
 * @param harmful whether somebody outside would notice it
 */
public record Repetition(String name, long count, boolean harmful) {}
