/** What the benchmarks compare the product with: the same work done by the bare machine. */
@NullMarked
package io.mailgenius.jobs.bench;

import org.jspecify.annotations.NullMarked;
