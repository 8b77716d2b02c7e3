package io.mailgenius.bench.chaos;

import io.mailgenius.bench.load.Tenants.Tenant;
import java.io.IOException;
import java.util.List;

/** The load during the faults. */
interface ChaosLoad {

    /** Returns when a node is up and the contacts exist. */
    void prepare() throws IOException, InterruptedException;

    /** Launches the campaigns and returns their ids. */
    List<Long> send() throws IOException, InterruptedException;

    /** The counts of the campaigns, in the order of the ids that {@link #send} returned. */
    List<ChaosMailing.Counts> counts() throws IOException, InterruptedException;

    /** Creates another workspace with one contact. */
    Tenant another();
}
