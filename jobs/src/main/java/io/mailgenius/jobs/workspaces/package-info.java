/** Tenants: the workspace, its API keys, and how a request that cannot be met is refused. */
@NullMarked
package io.mailgenius.jobs.workspaces;

import org.jspecify.annotations.NullMarked;
