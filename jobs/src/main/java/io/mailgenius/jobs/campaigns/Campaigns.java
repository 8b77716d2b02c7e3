package io.mailgenius.jobs.campaigns;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import org.springframework.stereotype.Component;

/**
 * Campaigns as they are read. {@link CampaignDrafts} makes and checks them, {@link
 * CampaignLifecycle} moves them from state to state.
 */
@Component
@AutocommitRead
public class Campaigns {

    /** The job that sends a campaign; its key is the campaign's id. */
    public static final String JOB = "campaign";

    /** The step of that job whose chunks are recipients. */
    public static final String SEND_STEP = "campaign.send";

    private final CampaignStore campaigns;
    private final CampaignViews views;

    Campaigns(CampaignStore campaigns, CampaignViews views) {
        this.campaigns = campaigns;
        this.views = views;
    }

    /**
     * A campaign with its counts.
     *
     * @throws Refusal.NotFound if this workspace has no such campaign
     */
    public CampaignView find(long id) {
        return views.view(campaigns.get(id));
    }

    /**
     * The newest first.
     *
     * @param after the id after which to read on; 0 at the start
     */
    public Page<CampaignView> page(long after, int limit) {
        return Page.of(
                campaigns.page(after, Page.rows(limit)).stream().map(views::view).toList(),
                limit,
                CampaignView::id);
    }

    /**
     * Call it after the sends were read: sends that were purged meanwhile look like no sends.
     *
     * @throws Refusal.Conflict {@code sends-forgotten}
     */
    public void requireSends(long id) {
        campaigns.get(id).requireSends();
    }

    /** The content of a launched campaign. */
    public FrozenCampaign frozen(long id) {
        return campaigns.get(id).content();
    }
}
