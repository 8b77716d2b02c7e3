/**
 * From a frozen chunk of recipients to a row per recipient that says what became of the mail. The
 * provider behind it is a port; what HTTP has to say about it is known in {@code delivery.resend}
 * only.
 */
@NullMarked
package io.mailgenius.jobs.delivery;

import org.jspecify.annotations.NullMarked;
