/**
 * Campaigns from the draft to the last mail: content, audience, timing and state. Package {@code
 * delivery} sends the mails.
 */
@NullMarked
package io.mailgenius.jobs.campaigns;

import org.jspecify.annotations.NullMarked;
