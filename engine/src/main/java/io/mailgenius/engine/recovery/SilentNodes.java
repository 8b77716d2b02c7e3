package io.mailgenius.engine.recovery;

import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.observation.JobObservation;
import io.mailgenius.engine.settings.EngineSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds nodes whose heartbeat has stopped, and returns the chunks of workers that lost their lease.
 */
final class SilentNodes {

    private static final Logger LOG = LoggerFactory.getLogger(SilentNodes.class);

    private final EngineSettings settings;
    private final Nodes nodes;
    private final Ledger ledger;
    private final JobObservation observation;

    /**
     * @param ledger over the connections of the control plane
     */
    SilentNodes(EngineSettings settings, Nodes nodes, Ledger ledger, JobObservation observation) {
        this.settings = settings;
        this.nodes = nodes;
        this.ledger = ledger;
        this.observation = observation;
    }

    /**
     * Marks silent nodes dead and returns expired chunks to the queue.
     *
     * @return whether a node was marked dead
     */
    boolean release(Instant now) {
        Collection<String> dead = nodes.markDead(now, settings.lease());
        for (String node : dead) {
            LOG.warn("Node {} fell silent and is marked dead", node);
        }
        int expired = ledger.expire(now, settings.maxFailures());
        if (expired > 0) {
            LOG.warn("{} chunks of silent workers go to others", expired);
        }
        if (expired > 0 || !dead.isEmpty()) {
            observation.recovered(expired, dead.size());
        }
        return !dead.isEmpty();
    }

    Collection<String> alive() {
        return nodes.alive();
    }

    Duration lease() {
        return settings.lease();
    }
}
