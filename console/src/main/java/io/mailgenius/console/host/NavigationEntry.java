package io.mailgenius.console.host;

import org.jspecify.annotations.Nullable;

/**
 * A link at the top of each page.
 *
 * @param id by which a page says that it is the current one
 * @param text key of its text in the message bundles
 * @param shortcut the letter that leads there after {@code g}; null if there is none
 */
public record NavigationEntry(String id, String text, String path, @Nullable String shortcut) {}
