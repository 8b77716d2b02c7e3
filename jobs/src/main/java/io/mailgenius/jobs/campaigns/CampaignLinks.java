package io.mailgenius.jobs.campaigns;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.templates.links.Link;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Targets of the links of launched campaigns. They do not change after the launch. */
@Component
@AutocommitRead
public class CampaignLinks {

    private final JdbcClient jdbc;

    public CampaignLinks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Ordered by number, from 1 and without a gap; empty if the campaign's clicks are not tracked.
     */
    public List<Link> of(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT number, url, per_recipient FROM campaign_link
                         WHERE workspace_id = :workspace AND campaign_id = :campaign
                         ORDER BY number
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .query((row, n) -> new Link(row.getInt(1), row.getString(2), row.getBoolean(3)))
                .list();
    }
}
