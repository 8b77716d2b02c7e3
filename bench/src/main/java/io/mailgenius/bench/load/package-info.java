/** What the benchmarks compare the product with: the same work done by the bare machine. */
@NullMarked
package io.mailgenius.bench.load;

import org.jspecify.annotations.NullMarked;
