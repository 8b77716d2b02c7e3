/** The command {@code bench}: runs a node, measures it, and prints the floor beside it. */
@NullMarked
package io.mailgenius.bench;

import org.jspecify.annotations.NullMarked;
