/** The workspace of whoever asks. */
@NullMarked
package io.mailgenius.api.workspaces;

import org.jspecify.annotations.NullMarked;
