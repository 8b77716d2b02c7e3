package io.mailgenius.api.limits;

import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Locale;

/**
 * How many mails of the installation anybody can bring about: links to another password by address
 * and by network, and invitations by workspace.
 */
public final class PersonMailLimits implements AutoCloseable {

    static final int TO_ADDRESS = 3;
    static final int FROM_NETWORK = 20;
    static final int OF_WORKSPACE = 100;
    static final Duration OF_RESETS = Duration.ofHours(1);
    static final Duration OF_INVITATIONS = Duration.ofDays(1);

    private final SharedBuckets recipients;
    private final SharedBuckets networks;
    private final SharedBuckets workspaces;

    PersonMailLimits(SharedBuckets recipients, SharedBuckets networks, SharedBuckets workspaces) {
        this.recipients = recipients;
        this.networks = networks;
        this.workspaces = workspaces;
    }

    /**
     * Counts a request for a link to another password, whether or not somebody has the address.
     *
     * @return how long to wait before it may be made; zero if it may be
     */
    public Duration reset(String email, String address) {
        Duration pause = pause(networks.take(Clients.network(address)));
        return pause.isPositive()
                ? pause
                : pause(recipients.take(email.strip().toLowerCase(Locale.ROOT)));
    }

    /** Counts an invitation that is mailed; otherwise as {@link #reset}. */
    public Duration invitation(long workspaceId) {
        return pause(workspaces.take(Long.toString(workspaceId)));
    }

    private static Duration pause(ConsumptionProbe probe) {
        return probe.isConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    @Override
    public void close() {
        recipients.close();
        networks.close();
        workspaces.close();
    }
}
