/** Inlines style sheets into style attributes. */
@NullMarked
package io.mailgenius.jobs.templates.styles;

import org.jspecify.annotations.NullMarked;
