package io.mailgenius.console.host;

import java.util.Map;

/**
 * A part of a page that the application adds.
 *
 * @param template a Thymeleaf template of the application
 * @param fragment the fragment of it to show; it finds {@code content} as the variable {@code
 *     section}
 */
public record Section(String template, String fragment, Map<String, Object> content) {

    public Section {
        content = Map.copyOf(content);
    }
}
