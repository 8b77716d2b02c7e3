/**
 * The nodes of an installation: registry, heartbeats, leases, and the supervision of a node's
 * loops.
 */
@NullMarked
package io.mailgenius.engine.cluster;

import org.jspecify.annotations.NullMarked;
