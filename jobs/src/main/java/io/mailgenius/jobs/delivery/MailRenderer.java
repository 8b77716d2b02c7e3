package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.campaigns.FrozenCampaign;
import io.mailgenius.jobs.contacts.addresses.Mailbox;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.templates.CompiledTemplate;
import io.mailgenius.jobs.templates.RenderedMail;
import io.mailgenius.jobs.templates.TemplateVariables;
import io.mailgenius.jobs.templates.links.LinkWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders the mails of one campaign. */
final class MailRenderer {

    private final long workspaceId;
    private final FrozenCampaign campaign;
    private final String from;
    private final @Nullable String replyTo;
    private final CompiledTemplate template;
    private final Map<String, Object> campaignValues;
    private final UnsubscribeTokens tokens;
    private final String publicUrl;
    private final @Nullable TrackedLinks tracked;

    /**
     * @param tracked null if nothing of the campaign is tracked
     */
    MailRenderer(
            long workspaceId,
            FrozenCampaign campaign,
            CompiledTemplate template,
            UnsubscribeTokens tokens,
            String publicUrl,
            @Nullable TrackedLinks tracked) {
        this.workspaceId = workspaceId;
        this.campaign = campaign;
        this.from = Mailbox.header(campaign.from());
        this.replyTo = campaign.replyTo() == null ? null : Mailbox.header(campaign.replyTo());
        this.template = template;
        this.campaignValues = TemplateVariables.campaign(campaign.id(), campaign.name());
        this.tokens = tokens;
        this.publicUrl = publicUrl;
        this.tracked = tracked;
    }

    FrozenCampaign campaign() {
        return campaign;
    }

    Mail to(Recipient person) {
        return to(
                person.contactId(),
                person.email(),
                person.values().get(),
                tracked == null || !person.tracked() ? null : tracked.to(person.contactId()));
    }

    /** A test mail: it looks like the mail, and is not tracked. */
    Mail test(String email) {
        return to(0, email, Map.of("email", email), null);
    }

    /**
     * Adds the headers of one-click unsubscription (RFC 8058), and tags that relate events to the
     * send.
     */
    private Mail to(
            long contactId, String email, Map<String, Object> contact, @Nullable LinkWriter links) {
        String token =
                tokens.sign(
                        new UnsubscribeTokens.Recipient(
                                workspaceId,
                                campaign.id(),
                                contactId,
                                // The recipient of a test is not a recipient of the campaign, and
                                // unsubscribes from nothing.
                                contactId == 0 ? null : email));
        String link = publicUrl + "/u/" + token;
        RenderedMail mail =
                template.render(
                        TemplateVariables.of(
                                contact,
                                campaignValues,
                                new TemplateVariables.Footing(
                                        link,
                                        publicUrl + "/p/" + token,
                                        campaign.postalAddress(),
                                        campaign.brand().name())),
                        links);
        return new Mail(
                from,
                email,
                mail.subject(),
                blankToNull(mail.html()),
                blankToNull(mail.text()),
                replyTo,
                Map.of(
                        "List-Unsubscribe",
                        "<" + link + ">",
                        "List-Unsubscribe-Post",
                        "List-Unsubscribe=One-Click"),
                Map.of(
                        "workspace_id", Long.toString(workspaceId),
                        "campaign_id", Long.toString(campaign.id()),
                        "contact_id", Long.toString(contactId)));
    }

    private static @Nullable String blankToNull(String part) {
        return part.isBlank() ? null : part;
    }
}
