/** The command line: which of the commands was meant, and what it answers when none was. */
@NullMarked
package io.mailgenius.api;

import org.jspecify.annotations.NullMarked;
