/** The first page: whether there is reason to worry. */
@NullMarked
package io.mailgenius.console.overview;

import org.jspecify.annotations.NullMarked;
