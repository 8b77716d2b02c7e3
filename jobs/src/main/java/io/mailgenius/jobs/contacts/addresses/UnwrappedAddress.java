package io.mailgenius.jobs.contacts.addresses;

/** What is left of a text when everything around the address is taken off. */
sealed interface UnwrappedAddress {

    record Bare(String address) implements UnwrappedAddress {}

    record NotOne(String reason) implements UnwrappedAddress {}
}
