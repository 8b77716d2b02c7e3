/** A provider that fails on purpose and records what it accepted. */
@NullMarked
package io.mailgenius.bench.provider;

import org.jspecify.annotations.NullMarked;
