package io.mailgenius.bench.chaos;

import io.mailgenius.bench.chaos.CampaignLauncher.Drafted;
import io.mailgenius.bench.load.Tenants;
import io.mailgenius.bench.load.Tenants.Tenant;
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

    private final BusyWorkspaces busyWorkspaces;
    private final Servers servers;
    private final Members members;
    private final ChaosMailing anybody;
    private List<Tenant> tenants = List.of();
    private List<Drafted> sent = List.of();
    private @Nullable Tenant another;

    /**
     * @param anybody its client detects which node is up
     */
    ManyCampaigns(
            BusyWorkspaces busyWorkspaces, Servers servers, Members members, ChaosMailing anybody) {
        this.busyWorkspaces = busyWorkspaces;
        this.servers = servers;
        this.members = members;
        this.anybody = anybody;
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        // The first node that is up has created the tables.
        anybody.client().close();
        ChaosDatabase db = servers.database();
        Tenants making = new Tenants(servers.jdbcUrl(), db.username(), db.password());
        tenants = making.make(busyWorkspaces.workspaces(), busyWorkspaces.mails());
        another = making.make(1, 1).getFirst();
        making.settle();
    }

    @Override
    public List<Long> send() throws IOException, InterruptedException {
        URI node = Objects.requireNonNull(members.up(Members.MANAGER).getFirst().url());
        CampaignLauncher launcher = new CampaignLauncher(node, CLIENTS, PATIENCE);
        List<Drafted> drafted =
                launcher.draft(
                        IntStream.range(0, busyWorkspaces.campaigns())
                                .mapToObj(n -> tenants.get(n % tenants.size()))
                                .toList());
        launcher.launch(drafted, null);
        sent = drafted.stream().sorted(Comparator.comparingLong(Drafted::id)).toList();
        return sent.stream().map(Drafted::id).toList();
    }

    @Override
    public List<ChaosMailing.Counts> counts() throws IOException, InterruptedException {
        List<ChaosMailing.Counts> counts = new ArrayList<>();
        for (Drafted one : sent) {
            counts.add(new ChaosMailing(members, one.tenant().key()).counts(one.id()));
        }
        return counts;
    }

    @Override
    public Tenant another() {
        return Objects.requireNonNull(another);
    }
}
