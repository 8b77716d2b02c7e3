package io.mailgenius.jobs.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.FrozenCampaign;
import io.mailgenius.jobs.delivery.tokens.TrackingTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.links.Link;
import io.mailgenius.jobs.templates.links.TrackedPage;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a campaign once per node instead of once per chunk. Launched campaigns are frozen, so
 * cached renderers cannot be outdated; the least recently used ones are dropped.
 */
final class MailRendererCache {

    private static final int KEPT = 100;

    private final Campaigns campaigns;
    private final TemplateCompiler compiler;
    private final CampaignLinks links;
    private final UnsubscribeTokens tokens;
    private final TrackingTokens tracking;
    private final String publicUrl;
    private final String trackingUrl;
    private final Cache<Key, MailRenderer> kept =
            Caffeine.newBuilder().maximumSize(KEPT).executor(Runnable::run).build();

    private record Key(long workspaceId, long campaignId) {}

    MailRendererCache(
            Campaigns campaigns,
            CampaignLinks links,
            TemplateCompiler compiler,
            UnsubscribeTokens tokens,
            TrackingTokens tracking,
            String publicUrl,
            String trackingUrl) {
        this.links = links;
        this.tracking = tracking;
        this.trackingUrl = trackingUrl;
        this.campaigns = campaigns;
        this.compiler = compiler;
        this.tokens = tokens;
        this.publicUrl = publicUrl;
    }

    MailRenderer of(long campaignId) {
        return kept.get(
                new Key(WorkspaceScope.required(), campaignId),
                key -> tracked(key.workspaceId(), campaigns.frozen(campaignId)));
    }

    /** Not cached, because the content of a draft may still change. Its links are not tracked. */
    MailRenderer draft(FrozenCampaign campaign) {
        return letters(WorkspaceScope.required(), campaign, TrackedPage.NOTHING, null);
    }

    private MailRenderer tracked(long workspaceId, FrozenCampaign campaign) {
        List<Link> frozen = campaign.tracking().ofClicks() ? links.of(campaign.id()) : List.of();
        TrackedPage trackedPage =
                new TrackedPage(frozen, campaign.utm(), campaign.tracking().ofOpens());
        return letters(
                workspaceId,
                campaign,
                trackedPage,
                frozen.isEmpty() && !trackedPage.opens()
                        ? null
                        : new TrackedLinks(
                                workspaceId,
                                campaign.id(),
                                frozen,
                                tracking.at(campaign.launchedAt()),
                                urlOf(campaign)));
    }

    private String urlOf(FrozenCampaign campaign) {
        String domain = campaign.brand().trackingDomain();
        return domain == null ? trackingUrl : "https://" + domain;
    }

    private MailRenderer letters(
            long workspaceId,
            FrozenCampaign campaign,
            TrackedPage trackedPage,
            @Nullable TrackedLinks addresses) {
        TemplateSource source =
                TemplateSource.html(
                        campaign.subject(),
                        campaign.html() == null ? "" : campaign.html(),
                        campaign.text());
        return new MailRenderer(
                workspaceId,
                campaign,
                compiler.compile(source, trackedPage),
                tokens.at(campaign.launchedAt()),
                publicUrl,
                addresses);
    }
}
