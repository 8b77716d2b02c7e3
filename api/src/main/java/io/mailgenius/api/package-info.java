/** The command line. */
@NullMarked
package io.mailgenius.api;

import org.jspecify.annotations.NullMarked;
