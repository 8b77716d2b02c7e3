/** A Redis that a node starts for itself; an installation with a Redis of its own does without. */
@NullMarked
package io.mailgenius.engine.embedded;

import org.jspecify.annotations.NullMarked;
