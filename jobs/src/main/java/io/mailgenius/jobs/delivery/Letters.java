package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.campaigns.FrozenCampaign;
import io.mailgenius.jobs.delivery.UnsubscribeTokens.Recipient;
import io.mailgenius.jobs.templates.CompiledTemplate;
import io.mailgenius.jobs.templates.RenderedMail;
import io.mailgenius.jobs.templates.TemplateVariables;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one campaign's mails, each to one person. */
final class Letters {

    private final long workspaceId;
    private final FrozenCampaign campaign;
    private final CompiledTemplate template;
    private final Map<String, Object> campaignValues;
    private final UnsubscribeTokens tokens;
    private final String publicUrl;

    Letters(
            long workspaceId,
            FrozenCampaign campaign,
            CompiledTemplate template,
            UnsubscribeTokens tokens,
            String publicUrl) {
        this.workspaceId = workspaceId;
        this.campaign = campaign;
        this.template = template;
        this.campaignValues = TemplateVariables.campaign(campaign.id(), campaign.name());
        this.tokens = tokens;
        this.publicUrl = publicUrl;
    }

    FrozenCampaign campaign() {
        return campaign;
    }

    /**
     * With the headers of one-click unsubscribing (RFC 8058), and tags by which events find the
     * send.
     */
    Mail to(long contactId, String email, Map<String, Object> contact) {
        String token = tokens.sign(new Recipient(workspaceId, campaign.id(), contactId));
        String link = publicUrl + "/u/" + token;
        RenderedMail mail =
                template.render(
                        TemplateVariables.of(
                                contact,
                                campaignValues,
                                new TemplateVariables.Footing(
                                        link,
                                        publicUrl + "/p/" + token,
                                        campaign.postalAddress())));
        return new Mail(
                campaign.from(),
                email,
                mail.subject(),
                blankToNull(mail.html()),
                blankToNull(mail.text()),
                campaign.replyTo(),
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
