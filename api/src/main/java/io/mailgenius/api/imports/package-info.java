/** Imports over HTTP and in the console. */
@NullMarked
package io.mailgenius.api.imports;

import org.jspecify.annotations.NullMarked;
