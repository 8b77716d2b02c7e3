/**
 * Who may be mailed: contacts, the lists that they are on, and the addresses that are not mailed.
 */
@NullMarked
package io.mailgenius.jobs.contacts;

import org.jspecify.annotations.NullMarked;
