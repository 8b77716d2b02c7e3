/**
 * What hands mails to the outside world: the port, and in the packages below its implementations.
 */
@NullMarked
package io.mailgenius.jobs.providers;

import org.jspecify.annotations.NullMarked;
