package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.Tenants;
import io.mailgenius.bench.load.Tenants.Tenant;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A campaign to imported contacts. */
final class OneCampaign implements ChaosLoad {

    private final Order order;
    private final ChaosMailing mailing;
    private final Servers servers;
    private List<Long> sent = List.of();
    private @Nullable Tenant another;

    OneCampaign(Order order, Servers servers, ChaosMailing mailing) {
        this.order = order;
        this.servers = servers;
        this.mailing = mailing;
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        mailing.contacts(order.mails(), order.seed(), order.folder());
        ChaosDatabase db = servers.database();
        another =
                new Tenants(servers.jdbcUrl(), db.username(), db.password()).make(1, 1).getFirst();
    }

    @Override
    public List<Long> send() throws IOException, InterruptedException {
        sent = List.of(mailing.send());
        return sent;
    }

    @Override
    public List<ChaosMailing.Counts> counts() throws IOException, InterruptedException {
        return List.of(mailing.counts(sent.getFirst()));
    }

    @Override
    public Tenant another() {
        return Objects.requireNonNull(another);
    }
}
