package io.mailgenius.api.node;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How people sign in.
 *
 * @param mailFrom the sender of mails to people; null if they get none
 * @param oidc the OpenID Connect provider with which they may sign in; null for none
 */
public record PeopleSettings(@Nullable String mailFrom, @Nullable Oidc oidc) {

    /**
     * @param issuer as its tokens name it, and where its metadata are found
     * @param name on the button of the sign-in page
     */
    public record Oidc(URI issuer, String clientId, String clientSecret, String name) {

        /** The secret stays out of logs. */
        @Override
        public String toString() {
            return "Oidc[%s, %s]".formatted(issuer, clientId);
        }
    }

    static PeopleSettings from(Environment environment) {
        return new PeopleSettings(mailFrom(environment), oidc(environment));
    }

    private static @Nullable String mailFrom(Environment environment) {
        Optional<String> from = environment.text("MAILGENIUS_MAIL_FROM");
        if (from.isPresent()
                && !from.get()
                        .matches("[^\\s<>@]+@[^\\s<>@]+|[^<>\\p{Cntrl}]*<[^\\s<>@]+@[^\\s<>@]+>")) {
            throw Environment.refused(
                    "MAILGENIUS_MAIL_FROM",
                    from.get(),
                    "set it to an address such as MailGenius <people@example.com>");
        }
        return from.orElse(null);
    }

    private static @Nullable Oidc oidc(Environment environment) {
        List<String> keys =
                List.of(
                        "MAILGENIUS_OIDC_ISSUER",
                        "MAILGENIUS_OIDC_CLIENT_ID",
                        "MAILGENIUS_OIDC_CLIENT_SECRET");
        List<String> missing = keys.stream().filter(it -> environment.text(it).isEmpty()).toList();
        if (missing.size() == keys.size()) {
            return null;
        }
        URI issuer = environment.address(keys.get(0)).orElse(null);
        if (issuer == null || !missing.isEmpty()) {
            throw new SettingRefused(
                    "%s is set but %s is not: set all of %s, or none."
                            .formatted(
                                    keys.stream()
                                            .filter(it -> !missing.contains(it))
                                            .findFirst()
                                            .orElseThrow(),
                                    missing.getFirst(),
                                    String.join(", ", keys)));
        }
        return new Oidc(
                issuer,
                environment.text(keys.get(1)).orElseThrow(),
                environment.text(keys.get(2)).orElseThrow(),
                environment.text("MAILGENIUS_OIDC_NAME").orElse(issuer.getHost()));
    }

    /** As Spring properties. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>();
        if (mailFrom != null) {
            properties.put("mailgenius.mail-from", mailFrom);
        }
        if (oidc != null) {
            properties.put("mailgenius.oidc.issuer", oidc.issuer().toString());
            properties.put("mailgenius.oidc.client-id", oidc.clientId());
            properties.put("mailgenius.oidc.client-secret", oidc.clientSecret());
            properties.put("mailgenius.oidc.name", oidc.name());
        }
        return properties;
    }
}
