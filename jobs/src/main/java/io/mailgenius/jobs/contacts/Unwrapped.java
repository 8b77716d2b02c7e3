package io.mailgenius.jobs.contacts;

/** What is left of a text when everything around the address is taken off. */
sealed interface Unwrapped {

    record Bare(String address) implements Unwrapped {}

    record NotOne(String reason) implements Unwrapped {}
}
