/**
 * Load generators, and the floors with which the benchmarks compare the product: the same work
 * without it.
 */
@NullMarked
package io.mailgenius.bench.load;

import org.jspecify.annotations.NullMarked;
