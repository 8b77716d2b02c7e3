package io.mailgenius.jobs.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.ExplainedStatements;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.rules.Engagement;
import io.mailgenius.jobs.segments.Audience;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Query plans of facets on engagement. */
class FacetPlansTest {

    private static final int CAMPAIGNS = 20;
    private static final int PEOPLE = 15_000;

    @Test
    void opens_of_one_campaign_are_read_without_the_others() {
        try (Audience audience = new Audience()) {
            JdbcClient owner = JdbcClient.create(audience.database.owner());
            owner.sql(
                            """
                            INSERT INTO engagement (workspace_id, campaign_id, contact_id, sent_at, opened_at)
                            SELECT :workspace, campaign, contact, now(), CASE WHEN contact % 3 = 0 THEN now() END
                              FROM generate_series(1, :campaigns) campaign, generate_series(1, :people) contact
                             ORDER BY campaign, contact
                            """)
                    .param("workspace", audience.workspace)
                    .param("campaigns", CAMPAIGNS)
                    .param("people", PEOPLE)
                    .update();
            owner.sql("VACUUM ANALYZE engagement").update();
            ExplainedStatements explained = ExplainedStatements.ofTheProduct(audience.database);
            SegmentIndex index =
                    new SegmentIndex(
                            JdbcClient.create(explained),
                            new TransactionTemplate(new WorkspaceTransactionManager(explained)),
                            Clock.systemUTC(),
                            audience.workspace);
            explained.forget();

            index.load(
                    new Facet.LastEngagement(Engagement.OPENED, CAMPAIGNS / 2, Optional.empty()));

            assertThat(explained.plans())
                    .anySatisfy(
                            plan ->
                                    assertThat(plan)
                                            .containsPattern(
                                                    "engagement_by_campaign.*\\s+Index Cond: .*campaign_id = "));
        }
    }
}
