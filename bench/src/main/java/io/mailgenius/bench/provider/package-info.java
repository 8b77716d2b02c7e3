/**
 * What the chaos test needs besides nodes and faults: a provider that fails on purpose and writes
 * down what it accepted, somebody who watches the ledger, and somebody who compares the two in the
 * end.
 */
@NullMarked
package io.mailgenius.bench.provider;

import org.jspecify.annotations.NullMarked;
