/** OAuth clients of workspaces, and what their short-lived tokens are worth. */
@NullMarked
package io.mailgenius.jobs.clients;

import org.jspecify.annotations.NullMarked;
