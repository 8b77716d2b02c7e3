/**
 * The manager's side: jobs whose heavy steps are partitioned, enumerate their chunks into the
 * ledger, and wait until the workers have worked them off.
 */
@NullMarked
package io.mailgenius.engine.partitioning;

import org.jspecify.annotations.NullMarked;
