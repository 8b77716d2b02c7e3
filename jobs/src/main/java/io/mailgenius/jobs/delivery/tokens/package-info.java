/** Signed tokens in the links of mails. */
@NullMarked
package io.mailgenius.jobs.delivery.tokens;

import org.jspecify.annotations.NullMarked;
