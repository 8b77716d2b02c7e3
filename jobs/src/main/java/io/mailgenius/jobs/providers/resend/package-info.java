/**
 * The provider that speaks with Resend, or with whatever speaks its dialect: the only place that
 * knows what HTTP has to say about a mail, and the account's rate that all nodes share.
 */
@NullMarked
package io.mailgenius.jobs.providers.resend;

import org.jspecify.annotations.NullMarked;
