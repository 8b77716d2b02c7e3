package io.mailgenius.jobs.providers.resend;

import java.net.URI;
import java.time.Duration;

/**
 * Where Resend is and who we are there.
 *
 * @param baseUrl without the paths of the API: {@code https://api.resend.com}, or a sandbox's
 * @param timeout for a whole call; what takes longer counts as unknown and is repeated with its key
 */
public record ResendSettings(URI baseUrl, String apiKey, Duration timeout) {

    public static final URI RESEND = URI.create("https://api.resend.com");

    /**
     * As long as a lease. An answer that is lost without a word is missed soon, and one that is
     * only slow is found by the repetition, which the provider knows by its key.
     */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    public ResendSettings {
        String scheme = baseUrl.getScheme();
        if (baseUrl.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            throw new IllegalArgumentException(
                    "MAILGENIUS_RESEND_BASE_URL must be an http or https URL, such as " + RESEND);
        }
        if (baseUrl.getRawQuery() != null || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "MAILGENIUS_RESEND_BASE_URL must have no query and no fragment");
        }
        if (apiKey.isEmpty() || !apiKey.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    "RESEND_API_KEY must be the key as Resend shows it, without spaces");
        }
        if (timeout.compareTo(Duration.ofMillis(10)) < 0
                || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException(
                    "The time-out of calls to Resend must be from 10 ms to 5 minutes");
        }
    }

    /** {@link #TIMEOUT} unless told. */
    public ResendSettings(URI baseUrl, String apiKey) {
        this(baseUrl, apiKey, TIMEOUT);
    }

    String endpoint(String path) {
        String base = baseUrl.toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }

    /** The key stays out of logs. */
    @Override
    public String toString() {
        return "ResendSettings[" + baseUrl + ", timeout " + timeout + "]";
    }
}
