/** Transactional mails: one recipient, sent as soon as they are due and ahead of campaigns. */
@NullMarked
package io.mailgenius.jobs.mails;

import org.jspecify.annotations.NullMarked;
