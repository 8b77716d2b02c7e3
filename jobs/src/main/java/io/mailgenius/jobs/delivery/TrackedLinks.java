package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.delivery.tokens.TrackingTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import io.mailgenius.jobs.templates.links.Link;
import io.mailgenius.jobs.templates.links.LinkWriter;
import java.util.List;

/** The tracked URLs of a campaign. The part that all of its mails share is made once. */
final class TrackedLinks {

    private final long workspaceId;
    private final long campaignId;
    private final TrackingTokens tokens;
    private final String base;
    private final List<String> codes;

    /**
     * @param base of the URLs, without a trailing slash
     */
    TrackedLinks(
            long workspaceId,
            long campaignId,
            List<Link> links,
            TrackingTokens tokens,
            String base) {
        this.workspaceId = workspaceId;
        this.campaignId = campaignId;
        this.tokens = tokens;
        this.base = base;
        this.codes =
                links.stream()
                        .map(link -> "." + tokens.code(workspaceId, campaignId, link.number()))
                        .toList();
    }

    LinkWriter to(long contactId) {
        Recipient recipient = new Recipient(workspaceId, campaignId, contactId);
        String mail = tokens.mail(recipient);
        String clicks = base + "/t/" + mail;
        return new LinkWriter() {
            @Override
            public String link(Link link) {
                return clicks + codes.get(link.number() - 1);
            }

            @Override
            public String link(Link link, String url) {
                return clicks + "." + tokens.code(recipient, link.number(), url);
            }

            @Override
            public String pixel() {
                return base + "/o/" + mail;
            }
        };
    }
}
