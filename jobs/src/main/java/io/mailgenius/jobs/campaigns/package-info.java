/**
 * What is to be said, to whom, and when: a campaign's life from the draft to the last mail. How the
 * mails go out is told further right on the line.
 */
@NullMarked
package io.mailgenius.jobs.campaigns;

import org.jspecify.annotations.NullMarked;
