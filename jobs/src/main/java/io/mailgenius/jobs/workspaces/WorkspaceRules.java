package io.mailgenius.jobs.workspaces;

import io.mailgenius.schema.WorkspaceScope;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What a workspace has decided about its mails. */
@Component
@Transactional
public class WorkspaceRules {

    private final JdbcClient jdbc;

    public WorkspaceRules(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param trackOpens of campaigns that say nothing about it
     * @param trackClicks likewise
     * @param transientBounces after how many since the last delivery an address is suppressed
     * @param bounceLimit share of a campaign's mails, from 0 to 1, above which it is paused
     * @param complaintLimit likewise
     */
    public record Rules(
            long id,
            String name,
            boolean trackOpens,
            boolean trackClicks,
            int transientBounces,
            BigDecimal bounceLimit,
            BigDecimal complaintLimit) {}

    /** What is null stays. */
    public record Change(
            @Nullable Boolean trackOpens,
            @Nullable Boolean trackClicks,
            @Nullable Integer transientBounces,
            @Nullable BigDecimal bounceLimit,
            @Nullable BigDecimal complaintLimit) {}

    @Transactional(readOnly = true)
    public Rules read() {
        return jdbc.sql(
                        """
                        SELECT id, name, tracks_opens, tracks_clicks, transient_bounces, bounce_limit,
                               complaint_limit
                          FROM workspace WHERE id = :workspace
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(
                        (row, _) ->
                                new Rules(
                                        row.getLong(1),
                                        row.getString(2),
                                        row.getBoolean(3),
                                        row.getBoolean(4),
                                        row.getInt(5),
                                        row.getBigDecimal(6),
                                        row.getBigDecimal(7)))
                .single();
    }

    /**
     * Campaigns that were launched keep what held when they were.
     *
     * @throws Refusal.Invalid if one of them cannot be
     */
    public Rules change(Change change) {
        Integer bounces = change.transientBounces();
        if (bounces != null && (bounces < 1 || bounces > 100)) {
            throw new Refusal.Invalid(
                    "transient-bounces-invalid", "transientBounces is a number from 1 to 100.");
        }
        requireShare("bounceLimit", change.bounceLimit());
        requireShare("complaintLimit", change.complaintLimit());
        jdbc.sql(
                        """
                        UPDATE workspace
                           SET tracks_opens = coalesce(:opens::boolean, tracks_opens),
                               tracks_clicks = coalesce(:clicks::boolean, tracks_clicks),
                               transient_bounces = coalesce(:bounces::int, transient_bounces),
                               bounce_limit = coalesce(:bounceLimit::numeric, bounce_limit),
                               complaint_limit = coalesce(:complaintLimit::numeric, complaint_limit)
                         WHERE id = :workspace
                        """)
                .param("opens", change.trackOpens())
                .param("clicks", change.trackClicks())
                .param("bounces", bounces)
                .param("bounceLimit", change.bounceLimit())
                .param("complaintLimit", change.complaintLimit())
                .param("workspace", WorkspaceScope.required())
                .update();
        return read();
    }

    private static void requireShare(String name, @Nullable BigDecimal share) {
        if (share != null && (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0)) {
            throw new Refusal.Invalid(
                    "share-invalid", name + " is a share above 0 and up to 1, such as 0.05.");
        }
    }
}
