package io.mailgenius.jobs.campaigns;

import io.mailgenius.schema.WorkspaceScope;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Counts whom a campaign would be sent to at this moment. */
@Component
final class AudienceSize {

    private static final String WANTS =
            """
             AND coalesce((SELECT t.wanted FROM topic_choice t
                            WHERE t.workspace_id = :workspace AND t.topic_id = :topic AND t.contact_id = c.id),
                          (SELECT NOT opt_in FROM topic WHERE workspace_id = :workspace AND id = :topic))
            """;

    private final JdbcClient jdbc;

    AudienceSize(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Of a follow-up to those who did not open, all who got the mail: never too few. */
    long count(FrozenCampaign content) {
        Audience audience = content.audience();
        Long topic = content.topicId();
        return jdbc.sql(
                        """
                        SELECT count(*) FROM contact c
                         WHERE c.workspace_id = :workspace AND c.status = 'SUBSCRIBED' AND :of = :of
                           AND NOT EXISTS (SELECT FROM suppression s
                                            WHERE s.workspace_id = :workspace AND s.email = c.email)
                        """
                                + members(audience)
                                + (topic == null ? "" : WANTS))
                .param("workspace", WorkspaceScope.required())
                .param("of", of(audience))
                .params(topic == null ? Map.of() : Map.of("topic", topic))
                .query(Long.class)
                .single();
    }

    private static long of(Audience audience) {
        FollowUp followUp = audience.followUp();
        return first(
                audience.segmentId(),
                first(audience.listId(), followUp == null ? 0 : followUp.campaignId()));
    }

    private static long first(@Nullable Long id, long otherwise) {
        return id == null ? otherwise : id;
    }

    private static String members(Audience audience) {
        if (audience.segmentId() != null) {
            return " AND c.id IN (SELECT contact_id FROM segment_member WHERE workspace_id = :workspace AND segment_id = :of)";
        }
        if (audience.listId() != null) {
            return " AND c.id IN (SELECT contact_id FROM list_member WHERE workspace_id = :workspace AND list_id = :of)";
        }
        FollowUp followUp = audience.followUp();
        if (followUp == null) {
            return "";
        }
        String status =
                switch (followUp.to()) {
                    case FAILED -> "FAILED";
                    case NOT_OPENED -> "SENT";
                };
        return " AND c.id IN (SELECT contact_id FROM send WHERE workspace_id = :workspace AND campaign_id = :of AND status = '%s')"
                .formatted(status);
    }
}
