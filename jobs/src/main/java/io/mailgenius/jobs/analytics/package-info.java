/**
 * Figures derived from events. They can be recomputed, and they depend neither on the order of
 * events nor on how often a rollup is repeated.
 */
@NullMarked
package io.mailgenius.jobs.analytics;

import org.jspecify.annotations.NullMarked;
