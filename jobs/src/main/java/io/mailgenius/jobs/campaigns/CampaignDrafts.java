package io.mailgenius.jobs.campaigns;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.Topics;
import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Creates drafts and shows what they would send: the content as it stands, and its findings. */
@Component
@Transactional
public class CampaignDrafts {

    private final CampaignStore campaigns;
    private final CampaignContent campaignContent;
    private final Topics topics;
    private final Brands brands;
    private final PreflightCheck preflightCheck;
    private final CampaignViews views;
    private final TransactionTemplate transaction;

    CampaignDrafts(
            CampaignStore campaigns,
            CampaignContent campaignContent,
            Topics topics,
            Brands brands,
            PreflightCheck preflightCheck,
            CampaignViews views,
            TransactionTemplate transaction) {
        this.campaigns = campaigns;
        this.campaignContent = campaignContent;
        this.topics = topics;
        this.brands = brands;
        this.preflightCheck = preflightCheck;
        this.views = views;
        this.transaction = transaction;
    }

    /**
     * Creates a draft.
     *
     * @throws Refusal.Invalid if a required field is missing, or the content does not parse
     */
    public CampaignView create(CampaignDraft draft) {
        CampaignDraft checked =
                DraftChecks.checked(
                        draft.brandId() == null ? draft : draft.of(brands.find(draft.brandId())));
        Audience audience = Objects.requireNonNull(checked.audience());
        if (audience.followUp() != null) {
            campaigns.get(audience.followUp().campaignId());
        }
        if (checked.topicId() != null) {
            topics.find(checked.topicId());
        }
        long id = campaigns.insert(checked, campaignContent.html(checked));
        return views.view(campaigns.get(id));
    }

    /** The content as it stands now, with the newest version of its template. */
    @AutocommitRead
    public FrozenCampaign content(long id) {
        return campaignContent.of(campaigns.get(id));
    }

    /**
     * What the author should know before the campaign is sent; an error prevents sending. The
     * provider is asked about the sender while no database connection is held.
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public List<Finding> check(long id) {
        FrozenCampaign content =
                Objects.requireNonNull(
                        transaction.execute(_ -> campaignContent.of(campaigns.get(id))));
        return preflightCheck.findings(content, preflightCheck.sender(content.from()));
    }
}
