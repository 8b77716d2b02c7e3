/** Tenants: the workspace, its API keys, how a request is refused and how a list is paged. */
@NullMarked
package io.mailgenius.jobs.workspaces;

import org.jspecify.annotations.NullMarked;
