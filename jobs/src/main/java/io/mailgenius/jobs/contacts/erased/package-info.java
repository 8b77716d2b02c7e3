/** Addresses that were erased and do not come back. */
@NullMarked
package io.mailgenius.jobs.contacts.erased;

import org.jspecify.annotations.NullMarked;
