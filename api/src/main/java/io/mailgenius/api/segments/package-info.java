/** Segments over HTTP. */
@NullMarked
package io.mailgenius.api.segments;

import org.jspecify.annotations.NullMarked;
