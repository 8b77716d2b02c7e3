/** The provider account of a workspace. */
@NullMarked
package io.mailgenius.api.accounts;

import org.jspecify.annotations.NullMarked;
