/** Contacts, lists, topics, consent, and suppressed addresses. */
@NullMarked
package io.mailgenius.jobs.contacts;

import org.jspecify.annotations.NullMarked;
