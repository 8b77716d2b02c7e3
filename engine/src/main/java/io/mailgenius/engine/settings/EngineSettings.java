package io.mailgenius.engine.settings;

import java.time.Duration;
import java.util.Set;

/**
 * How this node takes part.
 *
 * @param namespace leads every Redis key, so that two installations can share one Redis
 * @param roles what the node does; at least one
 * @param lease how long a silent worker keeps a chunk; at least one second
 * @param slots how many chunks the node works on at a time; 0 without the worker's role
 * @param maxFailures after how many failures a chunk is set aside
 * @param jobs how many jobs the node starts, enumerates or ends at a time; those whose chunks are
 *     worked off do not count
 * @param drain how long a node that is told to leave may go on with the chunks in its hands
 * @param keep how long jobs are kept after they have completed
 */
public record EngineSettings(
        String namespace,
        Set<Role> roles,
        Duration lease,
        int slots,
        int maxFailures,
        int jobs,
        Duration drain,
        Duration keep) {

    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);
    public static final int DEFAULT_MAX_FAILURES = 5;
    public static final int DEFAULT_JOBS = 32;
    public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(25);

    public static final Duration DEFAULT_KEEP = Duration.ofDays(30);

    public EngineSettings {
        roles = Set.copyOf(roles);
        if (namespace.isBlank()) {
            throw new IllegalArgumentException("The namespace is empty");
        }
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("A node needs at least one role");
        }
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("A lease is at least 1s, but it is " + lease);
        }
        if (roles.contains(Role.WORKER) && slots < 1) {
            throw new IllegalArgumentException("A worker needs at least one slot");
        }
        if (maxFailures < 1 || jobs < 1 || drain.isNegative() || keep.isNegative()) {
            throw new IllegalArgumentException(
                    "maxFailures and jobs are at least 1, drain and keep are not negative");
        }
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }
}
