package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.FrozenCampaign;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.schema.WorkspaceScope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compiles a campaign once per node, not once per chunk. What is launched is frozen, so nothing
 * kept here can be out of date; the campaigns used last are kept.
 */
final class LettersOfCampaigns {

    private static final int KEPT = 100;

    private final Campaigns campaigns;
    private final TemplateCompiler compiler;
    private final UnsubscribeTokens tokens;
    private final String publicUrl;
    private final Map<Key, Letters> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Letters> eldest) {
                    return size() > KEPT;
                }
            };

    private record Key(long workspaceId, long campaignId) {}

    LettersOfCampaigns(
            Campaigns campaigns,
            TemplateCompiler compiler,
            UnsubscribeTokens tokens,
            String publicUrl) {
        this.campaigns = campaigns;
        this.compiler = compiler;
        this.tokens = tokens;
        this.publicUrl = publicUrl;
    }

    synchronized Letters of(long campaignId) {
        return kept.computeIfAbsent(
                new Key(WorkspaceScope.required(), campaignId),
                key -> letters(key.workspaceId(), campaigns.frozen(campaignId)));
    }

    /** Not kept: the content of a draft still changes. */
    Letters draft(FrozenCampaign campaign) {
        return letters(WorkspaceScope.required(), campaign);
    }

    private Letters letters(long workspaceId, FrozenCampaign campaign) {
        TemplateSource source =
                TemplateSource.html(
                        campaign.subject(),
                        campaign.html() == null ? "" : campaign.html(),
                        campaign.text());
        return new Letters(workspaceId, campaign, compiler.compile(source), tokens, publicUrl);
    }
}
