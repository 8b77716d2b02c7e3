/** E-mail addresses: parsing, validation and comparison. */
@NullMarked
package io.mailgenius.jobs.contacts.addresses;

import org.jspecify.annotations.NullMarked;
