/** How a workspace leaves: the archive of all that it has, and its deletion. */
@NullMarked
package io.mailgenius.jobs.offboarding;

import org.jspecify.annotations.NullMarked;
