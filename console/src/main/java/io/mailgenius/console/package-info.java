/** The operator's console: pages that any application on the engine can mount. */
@NullMarked
package io.mailgenius.console;

import org.jspecify.annotations.NullMarked;
