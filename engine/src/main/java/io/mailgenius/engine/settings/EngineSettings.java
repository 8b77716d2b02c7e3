package io.mailgenius.engine.settings;

import java.time.Duration;
import java.util.Set;

/**
 * The engine settings of this node.
 *
 * @param namespace the prefix of every Redis key, so that two installations can share one Redis
 * @param roles the roles of the node; at least one
 * @param lease how long a chunk stays claimed without a heartbeat; at least one second
 * @param slots how many chunks the node processes at the same time; 0 without the worker role
 * @param maxFailures after how many failures a chunk becomes FAILED
 * @param jobs how many jobs the node starts, enumerates or ends at the same time; parked jobs do
 *     not count
 * @param drain how long claimed chunks may continue at shutdown
 * @param keep how long completed jobs are kept
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
            throw new IllegalArgumentException("The namespace must not be empty");
        }
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("A node needs at least one role");
        }
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("The lease must be at least 1s, but it is " + lease);
        }
        if (roles.contains(Role.WORKER) && slots < 1) {
            throw new IllegalArgumentException("A worker needs at least one slot");
        }
        if (maxFailures < 1 || jobs < 1 || drain.isNegative() || keep.isNegative()) {
            throw new IllegalArgumentException(
                    "maxFailures and jobs must be at least 1; drain and keep must not be negative");
        }
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }
}
