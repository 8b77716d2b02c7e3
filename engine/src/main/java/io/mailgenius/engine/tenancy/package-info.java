/** Transactions of workspaces: in which order they begin, and which of them are only questions. */
@NullMarked
package io.mailgenius.engine.tenancy;

import org.jspecify.annotations.NullMarked;
