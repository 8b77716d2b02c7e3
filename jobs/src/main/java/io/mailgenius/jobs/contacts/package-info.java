/** Whom a workspace can mail, and whom it must not. */
@NullMarked
package io.mailgenius.jobs.contacts;

import org.jspecify.annotations.NullMarked;
