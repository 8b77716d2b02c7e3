/** Figures of the whole installation, counted once in a while and not by those who ask for them. */
@NullMarked
package io.mailgenius.engine.census;

import org.jspecify.annotations.NullMarked;
