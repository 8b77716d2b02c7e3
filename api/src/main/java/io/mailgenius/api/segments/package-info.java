/** The endpoints of segments. */
@NullMarked
package io.mailgenius.api.segments;

import org.jspecify.annotations.NullMarked;
