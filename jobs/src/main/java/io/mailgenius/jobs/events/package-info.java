/**
 * Events of mails: signed webhooks of the provider and events of our own pages. They are appended
 * once and never changed.
 */
@NullMarked
package io.mailgenius.jobs.events;

import org.jspecify.annotations.NullMarked;
