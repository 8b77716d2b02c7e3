/** Style sheets, moved into the elements that they style. */
@NullMarked
package io.mailgenius.jobs.templates.styles;

import org.jspecify.annotations.NullMarked;
