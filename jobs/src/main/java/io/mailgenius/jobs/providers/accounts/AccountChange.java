package io.mailgenius.jobs.providers.accounts;

import io.mailgenius.jobs.workspaces.Refusal;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What is null stays, or has its default in a new account.
 *
 * @param apiKey of the account at the provider
 * @param sameAccount whether the key is another one of the account that is stored; otherwise it is
 *     that of another account
 * @param rate requests per second that the account allows; 0 for no limit
 * @param webhookSecret {@code whsec_…} of the account's webhook; several separated by commas; empty
 *     removes it
 */
public record AccountChange(
        @Size(max = AccountChange.MAX_KEY) @Nullable String apiKey,
        @Nullable Boolean sameAccount,
        @Min(0) @Max(AccountChange.MAX_RATE) @Nullable Integer rate,
        @Size(max = AccountChange.MAX_SECRET) @Nullable String webhookSecret) {

    static final int MAX_KEY = 200;
    static final int MAX_RATE = 1_000;
    static final int MAX_SECRET = 1_000;

    /** The rate that Resend allows a new account. */
    static final int RATE = 5;

    /**
     * @throws Refusal.Invalid without the secrets in its message
     */
    void require() {
        if (apiKey != null && !apiKey.matches("[!-~]{1," + MAX_KEY + "}")) {
            throw new Refusal.Invalid(
                    "api-key-invalid",
                    "\"apiKey\" is the key as the provider shows it, without spaces.");
        }
        if (rate != null && (rate < 0 || rate > MAX_RATE)) {
            throw new Refusal.Invalid(
                    "rate-invalid", "\"rate\" is a number from 0 to %d.".formatted(MAX_RATE));
        }
        if (webhookSecret != null
                && (webhookSecret.length() > MAX_SECRET
                        || !webhookSecret.matches(
                                "|(whsec_)?[A-Za-z0-9+/]+=*(,\\s*(whsec_)?[A-Za-z0-9+/]+=*)*"))) {
            throw new Refusal.Invalid(
                    "webhook-secret-invalid",
                    "\"webhookSecret\" is the secret that begins with whsec_, as the provider shows it.");
        }
    }
}
