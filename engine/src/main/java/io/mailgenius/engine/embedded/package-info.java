/** The embedded Redis. An installation with its own Redis does not need this package. */
@NullMarked
package io.mailgenius.engine.embedded;

import org.jspecify.annotations.NullMarked;
