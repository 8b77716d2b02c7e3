/**
 * Addresses that people bring by themselves: what a form asks for, the mail that asks the owner of
 * the mailbox, and the answer.
 */
@NullMarked
package io.mailgenius.jobs.forms;

import org.jspecify.annotations.NullMarked;
