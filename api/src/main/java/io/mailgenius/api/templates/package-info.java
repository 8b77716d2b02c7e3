/** Templates over HTTP. */
@NullMarked
package io.mailgenius.api.templates;

import org.jspecify.annotations.NullMarked;
