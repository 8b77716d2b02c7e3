/**
 * Transactions of workspaces: the order in which they begin, and read-only transactions in
 * autocommit mode.
 */
@NullMarked
package io.mailgenius.engine.tenancy;

import org.jspecify.annotations.NullMarked;
