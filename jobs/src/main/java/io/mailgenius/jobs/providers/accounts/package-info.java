/** Accounts at the provider: the installation's, and those of single workspaces. */
@NullMarked
package io.mailgenius.jobs.providers.accounts;

import org.jspecify.annotations.NullMarked;
