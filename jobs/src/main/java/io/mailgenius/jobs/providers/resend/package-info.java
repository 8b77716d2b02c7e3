/**
 * The provider Resend, or any server with the same API: the only package that knows its HTTP API,
 * and the account's rate that all nodes share.
 */
@NullMarked
package io.mailgenius.jobs.providers.resend;

import org.jspecify.annotations.NullMarked;
