/** What the built-in sandbox took in, shown in the console. */
@NullMarked
package io.mailgenius.api.sandbox;

import org.jspecify.annotations.NullMarked;
