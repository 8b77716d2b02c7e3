/** How work is spread over nodes. Nothing in here knows what the work is about. */
@NullMarked
package io.mailgenius.engine;

import org.jspecify.annotations.NullMarked;
