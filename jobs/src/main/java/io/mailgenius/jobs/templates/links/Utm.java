package io.mailgenius.jobs.templates.links;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.validation.constraints.Size;
import java.net.URLEncoder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** UTM parameters, by which web analytics attribute visits to a campaign. */
public record Utm(
        @Size(max = 200) @Nullable String source,
        @Size(max = 200) @Nullable String medium,
        @Size(max = 200) @Nullable String campaign,
        @Size(max = 200) @Nullable String content) {

    public static final Utm NONE = new Utm(null, null, null, null);

    boolean isEmpty() {
        return equals(NONE);
    }

    /**
     * Adds the parameters that the address does not have yet, before its fragment.
     *
     * @param url http or https
     */
    String added(String url) {
        int end = url.indexOf('#') < 0 ? url.length() : url.indexOf('#');
        StringBuilder merged = new StringBuilder(url.substring(0, end));
        add(merged, "utm_source", source);
        add(merged, "utm_medium", medium);
        add(merged, "utm_campaign", campaign);
        add(merged, "utm_content", content);
        return merged.append(url, end, url.length()).toString();
    }

    private static void add(StringBuilder url, String name, @Nullable String value) {
        if (value == null || value.isBlank() || has(url, name)) {
            return;
        }
        if (url.indexOf("?") < 0) {
            url.append('?');
        } else if (url.charAt(url.length() - 1) != '?' && url.charAt(url.length() - 1) != '&') {
            url.append('&');
        }
        url.append(name).append('=').append(URLEncoder.encode(value.strip(), UTF_8));
    }

    private static boolean has(CharSequence url, String name) {
        return Pattern.compile("[?&;]" + name + "(?:=|&|$)", Pattern.CASE_INSENSITIVE)
                .matcher(url)
                .find();
    }
}
