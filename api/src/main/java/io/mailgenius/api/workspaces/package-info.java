/** The workspace that a key opens. */
@NullMarked
package io.mailgenius.api.workspaces;

import org.jspecify.annotations.NullMarked;
