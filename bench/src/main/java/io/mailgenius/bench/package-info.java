/** The command {@code bench}: runs a node, measures it, and compares the result with a floor. */
@NullMarked
package io.mailgenius.bench;

import org.jspecify.annotations.NullMarked;
