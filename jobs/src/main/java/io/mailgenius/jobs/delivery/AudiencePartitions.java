package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.partitioning.ChunkedStep;
import io.mailgenius.engine.partitioning.Partition;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.FrozenCampaign;
import io.mailgenius.jobs.campaigns.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The manager's half of sending: freezes the audience as chunks of contact ids. */
@Component
class AudiencePartitions implements ChunkedStep<Recipients> {

    private static final int PARTITIONS = 4;

    /** Up to so many contacts are one partition: each costs several commits, whatever its size. */
    private static final int SMALL = 500;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Campaigns campaigns;

    AudiencePartitions(JdbcClient jdbc, JsonMapper json, Campaigns campaigns) {
        this.jdbc = jdbc;
        this.json = json;
        this.campaigns = campaigns;
    }

    /** The contacts of a range of ids. */
    record Stretch(
            long campaignId, Audience audience, @Nullable Timing timing, long from, long to) {

        /** Partitions of older versions have no timing. */
        ChunkSizing cut() {
            return timing == null ? ChunkSizing.PLAIN : ChunkSizing.of(timing);
        }
    }

    static long campaignId(JobParameters parameters) {
        return Long.parseLong(Objects.requireNonNull(parameters.getString("campaignId")));
    }

    @Override
    public String name() {
        return Campaigns.SEND_STEP;
    }

    @Override
    public List<?> partitions(JobParameters parameters) {
        long campaign = campaignId(parameters);
        FrozenCampaign frozen = campaigns.frozen(campaign);
        long first = edge("SELECT min(id) FROM contact");
        long last = edge("SELECT max(id) FROM contact");
        int count = count(jdbc, last - first);
        long width = Math.max(1, (last - first + count) / count);
        List<Stretch> stretches = new ArrayList<>();
        for (long from = first; from <= last; from += width) {
            stretches.add(
                    new Stretch(
                            campaign,
                            frozen.audience(),
                            frozen.timing(),
                            from,
                            Math.min(last, from + width - 1)));
        }
        return stretches;
    }

    /**
     * Ids of several workspaces are interleaved, so a wide range may hold few contacts.
     *
     * @param range how far the first contact's id is from the last one's
     */
    static int count(JdbcClient jdbc, long range) {
        boolean small =
                range < SMALL
                        || jdbc.sql(
                                                """
                                                SELECT count(*) FROM (SELECT 1 FROM contact LIMIT :bound) AS contacts
                                                """)
                                        .param("bound", SMALL + 1)
                                        .query(Integer.class)
                                        .single()
                                <= SMALL;
        return small ? 1 : PARTITIONS;
    }

    /** Row-level security limits the query to this workspace's contacts. */
    private long edge(String sql) {
        return jdbc.sql(sql).query((row, n) -> row.getLong(1)).single();
    }

    @Override
    public ItemStreamReader<Recipients> chunks(JobParameters parameters, Partition partition) {
        Stretch stretch = partition.as(Stretch.class);
        return new AudienceReader(
                jdbc,
                json,
                campaigns::requireSends,
                stretch.campaignId(),
                stretch.audience(),
                campaigns.frozen(stretch.campaignId()).topicId(),
                stretch.cut(),
                new AudienceReader.ContactRange(stretch.from(), stretch.to()));
    }

    @Override
    public @Nullable Instant notBefore(Recipients recipients) {
        return recipients.notBefore();
    }

    /** Progress is measured in recipients. */
    @Override
    public long items(Recipients recipients) {
        return recipients.contacts().length;
    }
}
