/**
 * A PostgreSQL that a node starts for itself; an installation with a server of its own does
 * without.
 */
@NullMarked
package io.mailgenius.schema.embedded;

import org.jspecify.annotations.NullMarked;
