/**
 * Tracks opens and clicks. A request is answered when the hit is on the local disk, and becomes an
 * event a few seconds later, when the behaviour of the client shows whether it is a bot.
 */
@NullMarked
package io.mailgenius.jobs.events.tracking;

import org.jspecify.annotations.NullMarked;
