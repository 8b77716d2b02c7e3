package io.mailgenius.jobs.providers.sandbox;

/**
 * @param apiKey the only accepted bearer token
 * @param requestsPerSecond requests that this node's sandbox accepts before it answers 429; 0 = no
 *     limit
 * @param mailsADay mails that all nodes accept in a day; 0 = no limit
 * @param mailsAMonth mails that all nodes accept in a month; 0 = no limit
 */
public record SandboxSettings(
        String apiKey, int requestsPerSecond, int mailsADay, int mailsAMonth) {

    /** Not a secret: the sandbox listens on loopback only and sends no mails. */
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
