/** The port to the provider that sends mails; its implementations are in the packages below. */
@NullMarked
package io.mailgenius.jobs.providers;

import org.jspecify.annotations.NullMarked;
