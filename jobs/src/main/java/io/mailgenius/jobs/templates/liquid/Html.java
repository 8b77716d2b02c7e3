package io.mailgenius.jobs.templates.liquid;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Escapes text for HTML elements and quoted attributes. */
public final class Html {

    private static final Pattern ENTITY =
            Pattern.compile(
                    "&(?:amp|lt|gt|quot|#39|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[a-zA-Z]{2,31});");

    private Html() {}

    public static String escape(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (replacement(text.charAt(i)) != null) {
                return escape(text, i, false);
            }
        }
        return text;
    }

    /** Leaves existing entities as they are. */
    static String escapeOnce(String text) {
        return escape(text, 0, true);
    }

    private static String escape(String text, int from, boolean keepEntities) {
        StringBuilder escaped = new StringBuilder(text.length() + 32).append(text, 0, from);
        var entities = ENTITY.matcher(text);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            String replacement = replacement(c);
            if (replacement == null) {
                escaped.append(c);
            } else if (keepEntities && c == '&' && entities.region(i, text.length()).lookingAt()) {
                escaped.append(entities.group());
                i = entities.end() - 1;
            } else {
                escaped.append(replacement);
            }
        }
        return escaped.toString();
    }

    private static @Nullable String replacement(char c) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            default -> null;
        };
    }
}
