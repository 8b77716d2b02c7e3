package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.templates.links.Utm;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Validates the fields that every campaign needs. */
final class DraftChecks {

    static final int MAX_NAME = 200;
    static final int MAX_SUBJECT = 500;

    private DraftChecks() {}

    static CampaignDraft checked(CampaignDraft draft) {
        String name = required("name", draft.name(), MAX_NAME);
        String subject = required("subject", draft.subject(), MAX_SUBJECT);
        String from = sender("from", required("from", draft.from(), MAX_SUBJECT));
        String replyTo = draft.replyTo() == null ? null : sender("replyTo", draft.replyTo());
        if (draft.audience() == null) {
            throw missing("audience");
        }
        draft.audience().require();
        draft.timing().require();
        String mjml = blankToNull(draft.mjml());
        String html = blankToNull(draft.html());
        String text = blankToNull(draft.text());
        if (draft.templateId() == null && mjml == null && html == null && text == null) {
            throw new Refusal.Invalid(
                    "campaign-has-no-content",
                    "A campaign needs a templateId, or mjml, html or text of its own.");
        }
        return new CampaignDraft(
                name,
                subject,
                from,
                replyTo,
                draft.templateId(),
                mjml,
                html,
                text,
                draft.audience(),
                draft.topicId(),
                draft.tracking() == null ? CampaignTracking.USUAL : draft.tracking(),
                checked(draft.utm()),
                draft.window(),
                draft.ratePerMinute(),
                draft.warmUp(),
                draft.priority(),
                draft.brandId());
    }

    private static Utm checked(@Nullable Utm utm) {
        if (utm == null) {
            return Utm.NONE;
        }
        for (String value :
                new String[] {utm.source(), utm.medium(), utm.campaign(), utm.content()}) {
            if (value != null && (value.length() > MAX_NAME || value.contains("\0"))) {
                throw new Refusal.Invalid(
                        "campaign-utm-invalid",
                        "Each of utm is a text of at most %d characters.".formatted(MAX_NAME));
            }
        }
        return utm;
    }

    static String required(String field, @Nullable String value, int max) {
        if (value == null || value.isBlank()) {
            throw missing(field);
        }
        if (value.length() > max || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "campaign-" + field.toLowerCase(Locale.ROOT) + "-invalid",
                    "%s is one line of at most %d characters.".formatted(field, max));
        }
        return value.strip();
    }

    private static Refusal missing(String field) {
        return new Refusal.Invalid(
                "campaign-incomplete", "A campaign needs \"%s\".".formatted(field));
    }

    static String sender(String field, String value) {
        try {
            return EmailAddress.sender(value);
        } catch (Refusal e) {
            throw new Refusal.Invalid(
                    "campaign-" + field.toLowerCase(Locale.ROOT) + "-invalid",
                    "%s: %s It is an address, or Name <address>.".formatted(field, e.getMessage()));
        }
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
