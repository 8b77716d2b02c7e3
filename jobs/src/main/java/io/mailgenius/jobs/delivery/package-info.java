/**
 * Sends the chunks of a frozen audience and stores an outcome per recipient. The provider is a
 * port; only {@code providers.resend} knows its HTTP API.
 */
@NullMarked
package io.mailgenius.jobs.delivery;

import org.jspecify.annotations.NullMarked;
