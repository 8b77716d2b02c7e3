/**
 * Public pages that mails link to: tracked links, unsubscribing, preferences. They need no API key,
 * and GET and HEAD change nothing except for tracking.
 */
@NullMarked
package io.mailgenius.api.hosted;

import org.jspecify.annotations.NullMarked;
