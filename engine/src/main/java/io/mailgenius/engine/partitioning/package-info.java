/**
 * The manager's half of remote chunking: jobs whose heavy steps are partitioned, enumerate their
 * chunks into the ledger, and end when workers have processed them.
 */
@NullMarked
package io.mailgenius.engine.partitioning;

import org.jspecify.annotations.NullMarked;
