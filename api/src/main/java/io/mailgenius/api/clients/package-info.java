/** The OAuth clients of a workspace. */
@NullMarked
package io.mailgenius.api.clients;

import org.jspecify.annotations.NullMarked;
