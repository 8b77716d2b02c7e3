/**
 * Whether the loops that a node lives by go round: one that has stopped is started again, then the
 * node is taken out of service, then it ends itself.
 */
@NullMarked
package io.mailgenius.engine.liveness;

import org.jspecify.annotations.NullMarked;
