/** Access tokens: how clients get them, and who a token says that it is from. */
@NullMarked
package io.mailgenius.api.tokens;

import org.jspecify.annotations.NullMarked;
