/** Who asks: API keys in a header, or in the session of a person who signed in with one. */
@NullMarked
package io.mailgenius.api.access;

import org.jspecify.annotations.NullMarked;
