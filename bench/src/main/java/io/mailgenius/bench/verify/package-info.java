/** Compares the final state with the expected one, by plain SQL and the provider's own record. */
@NullMarked
package io.mailgenius.bench.verify;

import org.jspecify.annotations.NullMarked;
