/** The text part of a mail that has only HTML. */
@NullMarked
package io.mailgenius.jobs.templates.text;

import org.jspecify.annotations.NullMarked;
