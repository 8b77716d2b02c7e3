/** What is known of the programs that open mails and follow links, whoever tells us of them. */
@NullMarked
package io.mailgenius.jobs.events.bots;

import org.jspecify.annotations.NullMarked;
