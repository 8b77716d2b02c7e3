/**
 * Faults that are made on purpose, for tests and for {@code bench chaos}. Nothing that the product
 * does needs it.
 */
@NullMarked
package io.mailgenius.engine.faults;

import org.jspecify.annotations.NullMarked;
