/** What all pages of the console share, and the first of them. */
@NullMarked
package io.mailgenius.api.console;

import org.jspecify.annotations.NullMarked;
