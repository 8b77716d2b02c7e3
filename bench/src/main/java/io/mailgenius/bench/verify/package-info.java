/**
 * Compares in the end who should have got a mail or a contact with what is there, by plain SQL and
 * the provider's own record.
 */
@NullMarked
package io.mailgenius.bench.verify;

import org.jspecify.annotations.NullMarked;
