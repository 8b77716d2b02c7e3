package io.mailgenius.jobs.delivery.sandbox;

/**
 * @param apiKey the one bearer that is let in
 * @param requestsPerSecond what this node's sandbox answers before it says 429; 0 = no limit
 */
public record SandboxSettings(String apiKey, int requestsPerSecond) {

    /** No secret: the sandbox listens on loopback only and mails nobody. */
    public static final SandboxSettings DEFAULT = new SandboxSettings("re_sandbox", 0);

    public SandboxSettings {
        if (apiKey.isBlank()) {
            throw new IllegalArgumentException("The sandbox needs an API key that is not blank");
        }
        if (requestsPerSecond < 0) {
            throw new IllegalArgumentException("The sandbox's rate must be 0 (no limit) or more");
        }
    }
}
