/**
 * The built-in provider: accepts mails through Resend's API over real HTTP, stores them for
 * viewing, and sends realistic events about them. It mails nobody.
 */
@NullMarked
package io.mailgenius.jobs.providers.sandbox;

import org.jspecify.annotations.NullMarked;
