/** Erasures and archives of what is known about a person. */
@NullMarked
package io.mailgenius.api.privacy;

import org.jspecify.annotations.NullMarked;
