package io.mailgenius.jobs.templates.liquid;

import org.jspecify.annotations.Nullable;

/** Text that is HTML and is rendered unescaped. A filter that changes it returns plain text. */
public record SafeHtml(String text) implements CharSequence {

    static @Nullable Object unwrapped(@Nullable Object value) {
        return value instanceof SafeHtml safe ? safe.text : value;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
