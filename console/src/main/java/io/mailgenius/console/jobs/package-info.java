/** Pages of jobs, and the actions on them. */
@NullMarked
package io.mailgenius.console.jobs;

import org.jspecify.annotations.NullMarked;
