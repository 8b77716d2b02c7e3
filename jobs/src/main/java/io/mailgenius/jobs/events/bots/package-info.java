/**
 * Recognises bots that open mails and follow links, for our own tracking and for the provider's
 * events.
 */
@NullMarked
package io.mailgenius.jobs.events.bots;

import org.jspecify.annotations.NullMarked;
