/**
 * The provider that is built in: takes mails in Resend's dialect over real HTTP, keeps them for a
 * person to open, and reports lifelike events about them. It sends nothing to anybody.
 */
@NullMarked
package io.mailgenius.jobs.providers.sandbox;

import org.jspecify.annotations.NullMarked;
