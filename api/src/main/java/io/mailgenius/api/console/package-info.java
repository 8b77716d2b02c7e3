/** The shared parts of the console and its home page. */
@NullMarked
package io.mailgenius.api.console;

import org.jspecify.annotations.NullMarked;
