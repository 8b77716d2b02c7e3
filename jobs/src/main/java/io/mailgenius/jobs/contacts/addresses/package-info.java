/** E-mail addresses: how they are read, checked and compared. */
@NullMarked
package io.mailgenius.jobs.contacts.addresses;

import org.jspecify.annotations.NullMarked;
