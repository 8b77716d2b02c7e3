/** Encryption of what is stored and must not be read by whoever has the database alone. */
@NullMarked
package io.mailgenius.jobs.secrets;

import org.jspecify.annotations.NullMarked;
