/** Distributes work over nodes. The engine has no knowledge of what the work does. */
@NullMarked
package io.mailgenius.engine;

import org.jspecify.annotations.NullMarked;
