/**
 * Endpoints: the addresses of other systems that are told what happens in a workspace, by webhooks
 * as Standard Webhooks defines them.
 */
@NullMarked
package io.mailgenius.jobs.endpoints;

import org.jspecify.annotations.NullMarked;
