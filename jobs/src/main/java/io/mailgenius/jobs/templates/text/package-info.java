/** Derives the text part of a mail from its HTML. */
@NullMarked
package io.mailgenius.jobs.templates.text;

import org.jspecify.annotations.NullMarked;
