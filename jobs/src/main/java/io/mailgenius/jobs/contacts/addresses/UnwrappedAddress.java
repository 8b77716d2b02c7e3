package io.mailgenius.jobs.contacts.addresses;

/** The rest of a text after everything around the address was removed. */
sealed interface UnwrappedAddress {

    record Bare(String address) implements UnwrappedAddress {}

    record NotOne(String reason) implements UnwrappedAddress {}
}
