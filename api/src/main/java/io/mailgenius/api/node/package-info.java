/**
 * One node of a cluster: its settings, read and judged before anything starts, and its start and
 * end.
 */
@NullMarked
package io.mailgenius.api.node;

import org.jspecify.annotations.NullMarked;
