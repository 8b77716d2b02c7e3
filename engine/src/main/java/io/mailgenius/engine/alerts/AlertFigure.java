package io.mailgenius.engine.alerts;

import org.jspecify.annotations.Nullable;

/**
 * A figure as it is now. What is not reported is not exceeded.
 *
 * @param kind the name of an {@link AlertKind}
 * @param workspaceId null if it is the installation's, and so of every workspace with such a rule
 * @param subject what the figure is about, the same in each evaluation, such as {@code job 17}
 * @param message for people, with the figure
 */
public record AlertFigure(
        String kind, @Nullable Long workspaceId, String subject, double value, String message) {}
