/**
 * Figures, derived from events and from nothing else: emptied, they can be counted anew. Whatever
 * order events come in, and however often they are counted, the figures are the same.
 */
@NullMarked
package io.mailgenius.jobs.analytics;

import org.jspecify.annotations.NullMarked;
