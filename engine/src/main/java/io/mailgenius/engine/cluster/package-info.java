/**
 * The nodes of an installation: who is alive, who holds what for how long, and whether the loops
 * that a node lives by still go round.
 */
@NullMarked
package io.mailgenius.engine.cluster;

import org.jspecify.annotations.NullMarked;
