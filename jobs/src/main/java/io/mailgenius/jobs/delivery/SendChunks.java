package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.manager.ChunkedStep;
import io.mailgenius.engine.manager.Partition;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.Campaigns;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The manager's half of a send: the audience, frozen as chunks of contact ids. */
@Component
class SendChunks implements ChunkedStep<Recipients> {

    private static final int PARTITIONS = 4;

    private final JdbcClient jdbc;
    private final Campaigns campaigns;

    SendChunks(JdbcClient jdbc, Campaigns campaigns) {
        this.jdbc = jdbc;
        this.campaigns = campaigns;
    }

    /** Contacts of this stretch of ids. */
    record Stretch(long campaignId, Audience audience, long from, long to) {}

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
        Audience audience = campaigns.frozen(campaign).audience();
        long first = edge("SELECT min(id) FROM contact");
        long last = edge("SELECT max(id) FROM contact");
        long width = Math.max(1, (last - first + PARTITIONS) / PARTITIONS);
        List<Stretch> stretches = new ArrayList<>();
        for (long from = first; from <= last; from += width) {
            stretches.add(new Stretch(campaign, audience, from, Math.min(last, from + width - 1)));
        }
        return stretches;
    }

    /** Row-level security leaves this workspace's contacts only. */
    private long edge(String sql) {
        return jdbc.sql(sql).query((row, n) -> row.getLong(1)).single();
    }

    @Override
    public ItemStreamReader<Recipients> chunks(JobParameters parameters, Partition partition) {
        Stretch stretch = partition.as(Stretch.class);
        return new AudienceReader(
                jdbc,
                stretch.campaignId(),
                stretch.audience(),
                campaigns.frozen(stretch.campaignId()).topicId(),
                stretch.from(),
                stretch.to());
    }

    /** Progress is measured in recipients. */
    @Override
    public long items(Recipients recipients) {
        return recipients.contacts().length;
    }
}
