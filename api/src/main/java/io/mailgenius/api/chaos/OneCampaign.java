package io.mailgenius.api.chaos;

import io.mailgenius.jobs.chaos.Verdict;
import io.mailgenius.jobs.chaos.Verifier;
import java.io.IOException;
import java.util.List;

/** A campaign to contacts that were imported. */
final class OneCampaign implements ChaosLoad {

    private final Order order;
    private final Mailing mailing;
    private List<Long> sent = List.of();

    OneCampaign(Order order, Mailing mailing) {
        this.order = order;
        this.mailing = mailing;
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        mailing.contacts(order.mails(), order.seed(), order.folder());
    }

    @Override
    public List<Long> send() throws IOException, InterruptedException {
        sent = List.of(mailing.send());
        return sent;
    }

    @Override
    public List<Mailing.Counts> counts() throws IOException, InterruptedException {
        return List.of(mailing.counts(sent.getFirst()));
    }

    @Override
    public Verdict verify(Verifier verifier, long campaign) throws IOException {
        return verifier.verify(campaign);
    }
}
