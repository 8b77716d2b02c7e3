/**
 * Transactions of workspaces, the order in which they begin, and short reads in autocommit mode.
 */
@NullMarked
package io.mailgenius.engine.tenancy;

import org.jspecify.annotations.NullMarked;
