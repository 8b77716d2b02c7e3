/** Sign-up forms with double opt-in: the request, the confirmation mail, and the confirmation. */
@NullMarked
package io.mailgenius.jobs.forms;

import org.jspecify.annotations.NullMarked;
