/** Fault injection for tests and {@code bench chaos}. The product does not use it. */
@NullMarked
package io.mailgenius.engine.faults;

import org.jspecify.annotations.NullMarked;
