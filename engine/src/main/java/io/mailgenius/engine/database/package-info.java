/**
 * The connections to PostgreSQL. Heartbeats, leases, claims, the scheduler and the sweeper have a
 * pool of their own, so that jobs and requests cannot exhaust it.
 */
@NullMarked
package io.mailgenius.engine.database;

import org.jspecify.annotations.NullMarked;
