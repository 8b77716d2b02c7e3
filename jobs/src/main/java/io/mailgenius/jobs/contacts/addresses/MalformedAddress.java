package io.mailgenius.jobs.contacts.addresses;

/**
 * @param reason in words, for the person whose file it is: "two dots in a row"
 */
public record MalformedAddress(String reason) implements ParsedAddress {}
