/**
 * One node of a cluster: its settings, which are validated before anything starts, its startup and
 * its shutdown.
 */
@NullMarked
package io.mailgenius.api.node;

import org.jspecify.annotations.NullMarked;
