/** Whose data a transaction may see: it is told to PostgreSQL when the transaction begins. */
@NullMarked
package io.mailgenius.engine.tenancy;

import org.jspecify.annotations.NullMarked;
