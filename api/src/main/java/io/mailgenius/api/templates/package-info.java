/** The endpoints of templates. */
@NullMarked
package io.mailgenius.api.templates;

import org.jspecify.annotations.NullMarked;
