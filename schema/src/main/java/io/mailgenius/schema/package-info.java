/**
 * How it is stored: migrations, ids, the words that statuses are made of, and whose data is at
 * hand.
 */
@NullMarked
package io.mailgenius.schema;

import org.jspecify.annotations.NullMarked;
