/** Storage: migrations, the enums of status columns, and the workspace of the current thread. */
@NullMarked
package io.mailgenius.schema;

import org.jspecify.annotations.NullMarked;
