package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.templates.links.Link;
import io.mailgenius.jobs.templates.links.Utm;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Table campaign. */
@Component
final class CampaignStore {

    private static final String SELECT =
            """
            SELECT c.*, l.job_instance_id, l.job_execution_id,
                   EXISTS (SELECT FROM campaign_approval a
                            WHERE a.workspace_id = c.workspace_id AND a.campaign_id = c.id) AS approval_asked
              FROM campaign c LEFT JOIN launch l ON l.id = c.launch_id
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    CampaignStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** A row of table campaign, with the job that sends it. */
    record Stored(
            FrozenCampaign content,
            @Nullable Long templateId,
            CampaignStatus status,
            @Nullable Instant scheduledAt,
            @Nullable Instant launchedAt,
            @Nullable Instant finishedAt,
            @Nullable String problem,
            @Nullable Long launchId,
            @Nullable Long jobInstanceId,
            @Nullable Long jobExecutionId,
            Instant createdAt,
            CampaignView.Counts counts,
            Settled settled,
            @Nullable Instant sendsForgottenAt,
            @Nullable Long awaitedMails,
            boolean approvalAsked) {

        /**
         * @throws Refusal.Conflict {@code sends-forgotten}, if the sends were purged
         */
        void requireSends() {
            if (sendsForgottenAt != null) {
                throw new Refusal.Conflict(
                        "sends-forgotten",
                        "Who got the mails of campaign %d was forgotten on %s, as MAILGENIUS_KEEP_SENDS says. What is left are its counts."
                                .formatted(
                                        content.id(),
                                        sendsForgottenAt.atZone(ZoneOffset.UTC).toLocalDate()));
            }
        }
    }

    /** Mails that the job left unknown and whose outcome is known by now. */
    record Settled(long sent, long failed, long skipped) {}

    /**
     * @param html the draft's own HTML, or what its MJML was made into
     */
    long insert(CampaignDraft draft, @Nullable String html) {
        return jdbc.sql(
                        """
                        INSERT INTO campaign (workspace_id, name, subject, sender, reply_to, template_id, html, text,
                                              audience, topic_id, tracks_opens, tracks_clicks, utm, timing, brand_id)
                        VALUES (:workspace, :name, :subject, :sender, :replyTo, :template, :html, :text,
                                :audience::jsonb, :topic, :opens, :clicks, :utm::jsonb, :timing::jsonb, :brand)
                        RETURNING id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("name", draft.name())
                .param("subject", draft.subject())
                .param("sender", draft.from())
                .param("replyTo", draft.replyTo())
                .param("template", draft.templateId())
                .param("html", html)
                .param("text", draft.text())
                .param("audience", json.writeValueAsString(draft.audience()))
                .param("topic", draft.topicId())
                .param("brand", draft.brandId())
                .param("opens", draft.tracking() == null ? null : draft.tracking().opens())
                .param("clicks", draft.tracking() == null ? null : draft.tracking().clicks())
                .param("utm", json.writeValueAsString(draft.utm() == null ? Utm.NONE : draft.utm()))
                .param("timing", json.writeValueAsString(draft.timing()))
                .query((row, n) -> row.getLong(1))
                .single();
    }

    Optional<Stored> find(long id) {
        return jdbc.sql(SELECT + " WHERE c.id = :id")
                .param("id", id)
                .query(this::stored)
                .optional();
    }

    /**
     * @throws Refusal.NotFound if this workspace has no such campaign
     */
    Stored get(long id) {
        return find(id).orElseThrow(() -> new Refusal.NotFound("campaign", id));
    }

    /** The same, locked until the end of the transaction, so that its sends are not purged. */
    Stored lock(long id) {
        return jdbc.sql(SELECT + " WHERE c.id = :id FOR NO KEY UPDATE OF c")
                .param("id", id)
                .query(this::stored)
                .optional()
                .orElseThrow(() -> new Refusal.NotFound("campaign", id));
    }

    List<Stored> page(long before, int rows) {
        return jdbc.sql(
                        SELECT
                                + """
                                 WHERE c.id < :before
                                 ORDER BY c.id DESC LIMIT :rows
                                """)
                .param("before", before == 0 ? Long.MAX_VALUE : before)
                .param("rows", rows)
                .query(this::stored)
                .list();
    }

    /**
     * Stores the content as the frozen copy. Partitions are created ahead, but that of an old draft
     * may have been dropped. So it is ensured after the campaign row is locked, when it cannot be
     * dropped any more.
     */
    boolean begin(FrozenCampaign content, CampaignStatus from, Instant now) {
        long id = content.id();
        boolean begun =
                jdbc.sql(
                                        """
                                UPDATE campaign c
                                   SET status = 'SENDING', html = :html, text = :text, problem = NULL,
                                       postal_address = :postal, brand_name = :brandName,
                                       tracking_domain = :trackingDomain,
                                       launched_at = coalesce(launched_at, :now),
                                       tracks_opens = coalesce(c.tracks_opens, w.tracks_opens),
                                       tracks_clicks = coalesce(c.tracks_clicks, w.tracks_clicks)
                                  FROM workspace w
                                 WHERE w.id = c.workspace_id AND c.id = :id AND c.status = :from
                                """)
                                .param("html", content.html())
                                .param("text", content.text())
                                .param("postal", content.postalAddress())
                                .param("brandName", content.brand().name())
                                .param("trackingDomain", content.brand().trackingDomain())
                                .param("now", now.atOffset(ZoneOffset.UTC))
                                .param("id", id)
                                .param("from", from.name())
                                .update()
                        == 1;
        jdbc.sql("SELECT ensure_send_partition(:id)").param("id", id).query((row, n) -> "").list();
        return begun;
    }

    /** Stores nothing if the campaign's clicks are not tracked. */
    void link(long id, List<Link> links) {
        jdbc.sql(
                        """
                        INSERT INTO campaign_link (workspace_id, campaign_id, number, url, per_recipient)
                        SELECT :workspace, :id, number, url, per_recipient
                          FROM unnest(:numbers::int[], :urls::text[], :own::boolean[]) AS l (number, url, per_recipient)
                         WHERE (SELECT tracks_clicks FROM campaign WHERE id = :id)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("numbers", links.stream().map(Link::number).toArray(Integer[]::new))
                .param("urls", links.stream().map(Link::url).toArray(String[]::new))
                .param("own", links.stream().map(Link::perRecipient).toArray(Boolean[]::new))
                .update();
    }

    boolean move(
            long id, Collection<CampaignStatus> from, CampaignStatus to, @Nullable String problem) {
        return jdbc.sql(
                                """
                                UPDATE campaign SET status = :to, problem = :problem, awaited_mails = NULL
                                 WHERE id = :id AND status IN (:from)
                                """)
                        .param("to", to.name())
                        .param("problem", problem)
                        .param("id", id)
                        .param("from", from.stream().map(Enum::name).toList())
                        .update()
                == 1;
    }

    void awaitMails(long id, long mails) {
        jdbc.sql("UPDATE campaign SET awaited_mails = :mails WHERE id = :id")
                .param("mails", mails)
                .param("id", id)
                .update();
    }

    boolean schedule(long id, Instant at, Timing timing) {
        return jdbc.sql(
                                """
                                UPDATE campaign
                                   SET status = 'SCHEDULED', scheduled_at = :at, timing = :timing::jsonb
                                 WHERE id = :id AND status = 'DRAFT'
                                """)
                        .param("at", at.atOffset(ZoneOffset.UTC))
                        .param("timing", json.writeValueAsString(timing))
                        .param("id", id)
                        .update()
                == 1;
    }

    /** The time zones of this workspace's contacts. */
    List<String> contactZones() {
        return jdbc.sql(
                        """
                        SELECT DISTINCT time_zone FROM contact
                         WHERE workspace_id = current_workspace() AND time_zone IS NOT NULL
                        """)
                .query((row, n) -> row.getString(1))
                .list();
    }

    void launched(long id, long launchId) {
        jdbc.sql("UPDATE campaign SET launch_id = :launch WHERE id = :id")
                .param("launch", launchId)
                .param("id", id)
                .update();
    }

    void finished(long id, Instant now) {
        jdbc.sql("UPDATE campaign SET finished_at = :now WHERE id = :id AND finished_at IS NULL")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .update();
    }

    void counted(long id, CampaignView.Counts counts) {
        jdbc.sql("UPDATE campaign SET counts = :counts::jsonb WHERE id = :id")
                .param("counts", json.writeValueAsString(counts))
                .param("id", id)
                .update();
    }

    void settled(long id, Settled more) {
        jdbc.sql(
                        """
                        UPDATE campaign
                           SET settled_sent = settled_sent + :sent, settled_failed = settled_failed + :failed,
                               settled_skipped = settled_skipped + :skipped
                         WHERE id = :id
                        """)
                .param("sent", more.sent())
                .param("failed", more.failed())
                .param("skipped", more.skipped())
                .param("id", id)
                .update();
    }

    private Stored stored(ResultSet row, int number) throws SQLException {
        FrozenCampaign content =
                new FrozenCampaign(
                        row.getLong("id"),
                        row.getObject("send_key", UUID.class),
                        row.getString("name"),
                        row.getString("subject"),
                        row.getString("sender"),
                        row.getString("reply_to"),
                        row.getString("html"),
                        row.getString("text"),
                        json.readValue(row.getString("audience"), Audience.class),
                        row.getObject("topic_id", Long.class),
                        row.getString("postal_address"),
                        new CampaignTracking(
                                row.getObject("tracks_opens", Boolean.class),
                                row.getObject("tracks_clicks", Boolean.class)),
                        json.readValue(row.getString("utm"), Utm.class),
                        json.readValue(row.getString("timing"), Timing.class),
                        instant(row, "launched_at"),
                        new FrozenCampaign.Brand(
                                row.getObject("brand_id", Long.class),
                                row.getString("brand_name"),
                                row.getString("tracking_domain")));
        return new Stored(
                content,
                row.getObject("template_id", Long.class),
                CampaignStatus.valueOf(row.getString("status")),
                instant(row, "scheduled_at"),
                instant(row, "launched_at"),
                instant(row, "finished_at"),
                row.getString("problem"),
                row.getObject("launch_id", Long.class),
                row.getObject("job_instance_id", Long.class),
                row.getObject("job_execution_id", Long.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                json.readValue(row.getString("counts"), CampaignView.Counts.class),
                new Settled(
                        row.getLong("settled_sent"),
                        row.getLong("settled_failed"),
                        row.getLong("settled_skipped")),
                instant(row, "sends_forgotten_at"),
                row.getObject("awaited_mails", Long.class),
                row.getBoolean("approval_asked"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
