/**
 * The control plane's own connections to PostgreSQL: heartbeats, leases, claims, the scheduler and
 * the sweeper have them to themselves, so that no job and no request can take them away.
 */
@NullMarked
package io.mailgenius.engine.database;

import org.jspecify.annotations.NullMarked;
