/** Compiles MJML to HTML. */
@NullMarked
package io.mailgenius.jobs.templates.mjml;

import org.jspecify.annotations.NullMarked;
