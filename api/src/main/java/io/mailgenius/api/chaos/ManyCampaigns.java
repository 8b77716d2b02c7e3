package io.mailgenius.api.chaos;

import io.mailgenius.api.chaos.CampaignLauncher.Drafted;
import io.mailgenius.jobs.bench.Tenants;
import io.mailgenius.jobs.bench.Tenants.Tenant;
import io.mailgenius.schema.EmbeddedDatabase;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Campaigns of several workspaces, launched at the same time. */
final class ManyCampaigns implements ChaosLoad {

    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Crowd crowd;
    private final Servers servers;
    private final Members members;
    private final Mailing anybody;
    private List<Tenant> tenants = List.of();
    private List<Drafted> sent = List.of();
    private @Nullable Tenant another;

    /**
     * @param anybody whose client says which node is up
     */
    ManyCampaigns(Crowd crowd, Servers servers, Members members, Mailing anybody) {
        this.crowd = crowd;
        this.servers = servers;
        this.members = members;
        this.anybody = anybody;
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        // The first node that is up has made the tables.
        anybody.client().close();
        EmbeddedDatabase db = servers.database();
        Tenants making = new Tenants(servers.jdbcUrl(), db.username(), db.password());
        tenants = making.make(crowd.workspaces(), crowd.mails());
        another = making.make(1, 1).getFirst();
        making.settle();
    }

    @Override
    public List<Long> send() throws IOException, InterruptedException {
        URI node = Objects.requireNonNull(members.up(Members.MANAGER).getFirst().url());
        CampaignLauncher launcher = new CampaignLauncher(node, CLIENTS, PATIENCE);
        List<Drafted> drafted =
                launcher.draft(
                        IntStream.range(0, crowd.campaigns())
                                .mapToObj(n -> tenants.get(n % tenants.size()))
                                .toList());
        launcher.launch(drafted, null);
        sent = drafted.stream().sorted(Comparator.comparingLong(Drafted::id)).toList();
        return sent.stream().map(Drafted::id).toList();
    }

    @Override
    public List<Mailing.Counts> counts() throws IOException, InterruptedException {
        List<Mailing.Counts> counts = new ArrayList<>();
        for (Drafted one : sent) {
            counts.add(new Mailing(members, one.tenant().key()).counts(one.id()));
        }
        return counts;
    }

    @Override
    public Tenant another() {
        return Objects.requireNonNull(another);
    }
}
