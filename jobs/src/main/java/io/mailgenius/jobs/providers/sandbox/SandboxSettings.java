package io.mailgenius.jobs.providers.sandbox;

/**
 * @param apiKey the one bearer that is let in
 * @param requestsPerSecond what this node's sandbox answers before it says 429; 0 = no limit
 * @param mailsADay what all nodes take in a day, and
 * @param mailsAMonth in a month; 0 = no limit
 */
public record SandboxSettings(
        String apiKey, int requestsPerSecond, int mailsADay, int mailsAMonth) {

    /** No secret: the sandbox listens on loopback only and mails nobody. */
    public static final SandboxSettings DEFAULT = new SandboxSettings("re_sandbox", 0, 0, 0);

    public SandboxSettings {
        if (apiKey.isBlank()) {
            throw new IllegalArgumentException("The sandbox needs an API key that is not blank");
        }
        if (requestsPerSecond < 0 || mailsADay < 0 || mailsAMonth < 0) {
            throw new IllegalArgumentException(
                    "The sandbox's rate and quotas must be 0 (no limit) or more");
        }
    }

    public SandboxSettings withQuota(int mailsADay, int mailsAMonth) {
        return new SandboxSettings(apiKey, requestsPerSecond, mailsADay, mailsAMonth);
    }
}
