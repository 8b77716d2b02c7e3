package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.contacts.ContactView;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a template: {@code contact.email}, {@code contact.first_name}, {@code
 * contact.attributes.plan}, {@code campaign.name}, {@code brand.name}, {@code unsubscribe_url},
 * {@code postal_address} and so on. Missing values render empty.
 */
public final class TemplateVariables {

    private static final Set<String> OFFERED =
            Set.of(
                    "contact",
                    "contact.id",
                    "contact.email",
                    "contact.first_name",
                    "contact.last_name",
                    "contact.phone",
                    "contact.city",
                    "contact.country",
                    "contact.locale",
                    "contact.time_zone",
                    "contact.attributes",
                    "campaign.id",
                    "campaign.name",
                    "brand.name",
                    "unsubscribe_url",
                    "preferences_url",
                    "postal_address");

    private static final String ATTRIBUTE = "contact.attributes.";

    private TemplateVariables() {}

    static boolean isOffered(String name) {
        return OFFERED.contains(name) || name.startsWith(ATTRIBUTE);
    }

    /** The links and the postal address that mails must have by law. */
    public record Footing(
            String unsubscribeUrl,
            String preferencesUrl,
            @Nullable String postalAddress,
            @Nullable String brandName) {

        public Footing(
                String unsubscribeUrl, String preferencesUrl, @Nullable String postalAddress) {
            this(unsubscribeUrl, preferencesUrl, postalAddress, null);
        }
    }

    /**
     * The variables of one mail.
     *
     * @param campaign see {@link #campaign}; the same map for every mail of the campaign
     */
    public static Map<String, Object> of(
            ContactView contact, Map<String, Object> campaign, Footing footing) {
        return of(contact(contact), campaign, footing);
    }

    /**
     * The same without a view per contact, for callers that read contacts in bulk.
     *
     * @param contact by the names above without {@code contact.}; the attributes are a map
     */
    public static Map<String, Object> of(
            Map<String, Object> contact, Map<String, Object> campaign, Footing footing) {
        Map<String, Object> variables = HashMap.newHashMap(6);
        variables.put("contact", contact);
        variables.put("campaign", campaign);
        variables.put("unsubscribe_url", footing.unsubscribeUrl());
        variables.put("preferences_url", footing.preferencesUrl());
        put(variables, "postal_address", footing.postalAddress());
        if (footing.brandName() != null) {
            variables.put("brand", Map.of("name", footing.brandName()));
        }
        return variables;
    }

    public static Map<String, Object> campaign(long id, String name) {
        return Map.of("id", id, "name", name);
    }

    private static Map<String, Object> contact(ContactView contact) {
        Map<String, Object> values = HashMap.newHashMap(10);
        values.put("id", contact.id());
        values.put("email", contact.email());
        put(values, "first_name", contact.firstName());
        put(values, "last_name", contact.lastName());
        put(values, "phone", contact.phone());
        put(values, "city", contact.city());
        put(values, "country", contact.country());
        put(values, "locale", contact.locale());
        put(values, "time_zone", contact.timeZone());
        values.put("attributes", contact.attributes());
        return values;
    }

    private static void put(Map<String, Object> values, String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }
}
