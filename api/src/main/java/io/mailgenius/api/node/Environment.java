package io.mailgenius.api.node;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads environment variables as typed values. An invalid value throws {@link SettingRefused} with
 * the name of the variable.
 */
record Environment(Map<String, String> variables) {

    private static final Pattern AMOUNT = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");

    /** An empty variable counts as not set, because docker compose passes empty ones. */
    Optional<String> text(String key) {
        return Optional.ofNullable(variables.get(key))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    int number(String key, int preset, int min, int max) {
        return text(key).map(value -> number(key, value, min, max)).orElse(preset);
    }

    private static int number(String key, String value, int min, int max) {
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, like a number out of range.
        }
        throw refused(key, value, "set it to a whole number from " + min + " to " + max);
    }

    boolean yesOrNo(String key, boolean preset) {
        return text(key)
                .map(
                        value ->
                                switch (value.toLowerCase(Locale.ROOT)) {
                                    case "true" -> true;
                                    case "false" -> false;
                                    case String other ->
                                            throw refused(key, other, "set it to true or false");
                                })
                .orElse(preset);
    }

    Duration duration(String key, Duration preset, Duration min, Duration max) {
        return duration(key, min, max).orElse(preset);
    }

    Optional<Duration> duration(String key, Duration min, Duration max) {
        return text(key).map(value -> duration(key, value, min, max));
    }

    private static Duration duration(String key, String value, Duration min, Duration max) {
        Optional<Duration> duration = parse(value);
        if (duration.isEmpty()
                || duration.get().compareTo(min) < 0
                || duration.get().compareTo(max) > 0) {
            throw refused(
                    key,
                    value,
                    "set it to a duration such as 10s, from "
                            + min.toSeconds()
                            + "s to "
                            + max.toSeconds()
                            + "s");
        }
        return duration.get();
    }

    private static Optional<Duration> parse(String value) {
        Matcher amount = AMOUNT.matcher(value.toLowerCase(Locale.ROOT));
        try {
            if (!amount.matches()) {
                return Optional.of(Duration.parse(value));
            }
            long number = Long.parseLong(amount.group(1));
            return Optional.of(
                    switch (amount.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        case "d" -> Duration.ofDays(number);
                        case String seconds -> Duration.ofSeconds(number);
                    });
        } catch (DateTimeParseException | NumberFormatException | ArithmeticException noDuration) {
            return Optional.empty();
        }
    }

    /** Reads an absolute http or https URL, without a trailing slash. */
    Optional<URI> address(String key) {
        return text(key).map(value -> address(key, value));
    }

    private static URI address(String key, String value) {
        try {
            URI uri = new URI(value.replaceFirst("/+$", ""));
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException noAddress) {
            // Refused below.
        }
        throw refused(key, value, "set it to an address such as https://mail.example.com");
    }

    <E extends Enum<E>> E word(String key, String value, Class<E> words) {
        return Arrays.stream(words.getEnumConstants())
                .filter(word -> word.name().equalsIgnoreCase(value.strip()))
                .findFirst()
                .orElseThrow(
                        () ->
                                refused(
                                        key,
                                        value,
                                        "choose from "
                                                + Arrays.stream(words.getEnumConstants())
                                                        .map(w -> w.name().toLowerCase(Locale.ROOT))
                                                        .collect(Collectors.joining(", "))));
    }

    static SettingRefused refused(String key, String value, String remedy) {
        return new SettingRefused(key + " cannot be \"" + value + "\": " + remedy + ".");
    }
}
