/** Transactional mails. */
@NullMarked
package io.mailgenius.api.mails;

import org.jspecify.annotations.NullMarked;
