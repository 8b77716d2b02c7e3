/**
 * What came back: signed messages of the provider, and what happened on our own pages, kept as
 * facts that are appended once and never changed.
 */
@NullMarked
package io.mailgenius.jobs.events;

import org.jspecify.annotations.NullMarked;
