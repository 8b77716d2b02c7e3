package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.campaigns.CampaignStore.Stored;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.segments.Segments;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SegmentStatus;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Checks that the members of an audience can be determined. */
@Component
final class AudienceChecks {

    private final CampaignStore campaigns;
    private final Segments segments;
    private final Lists lists;

    AudienceChecks(CampaignStore campaigns, Segments segments, Lists lists) {
        this.campaigns = campaigns;
        this.segments = segments;
        this.lists = lists;
    }

    /**
     * @throws Refusal if the segment, list or campaign does not exist, is not ready yet, or has
     *     been purged
     */
    void require(Audience audience) {
        if (audience.listId() != null) {
            lists.find(audience.listId());
        }
        FollowUp followUp = audience.followUp();
        if (followUp != null) {
            long id = followUp.campaignId();
            Stored first = campaigns.get(id);
            followUp.requireEnded(first.status());
            first.requireSends();
        }
        Long segment = audience.segmentId();
        if (segment != null && segments.find(segment).status() != SegmentStatus.READY) {
            throw new Refusal.Conflict(
                    "segment-not-ready",
                    String.format(
                            Locale.ROOT,
                            "Segment %d has not been built yet: wait until it is READY.",
                            segment));
        }
    }
}
