/** The API keys of a workspace. */
@NullMarked
package io.mailgenius.api.keys;

import org.jspecify.annotations.NullMarked;
