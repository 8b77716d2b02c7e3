package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.Tenants.Tenant;
import java.io.IOException;
import java.util.List;

/** What is sent while nodes and stores fail. */
interface ChaosLoad {

    /** Answers when a node is up and the contacts are there. */
    void prepare() throws IOException, InterruptedException;

    /** Launches, and answers the campaigns' ids. */
    List<Long> send() throws IOException, InterruptedException;

    /** Of each campaign, in the order of their ids as {@link #send} answered them. */
    List<ChaosMailing.Counts> counts() throws IOException, InterruptedException;

    /** Another workspace, with one contact. */
    Tenant another();
}
