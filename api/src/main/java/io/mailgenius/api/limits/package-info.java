/** How many requests a client may make in a minute, counted on all nodes together. */
@NullMarked
package io.mailgenius.api.limits;

import org.jspecify.annotations.NullMarked;
