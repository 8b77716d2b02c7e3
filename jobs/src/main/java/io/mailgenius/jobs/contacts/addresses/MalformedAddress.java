package io.mailgenius.jobs.contacts.addresses;

/**
 * @param reason a text for the person who provided the address, such as "two dots in a row"
 */
public record MalformedAddress(String reason) implements ParsedAddress {}
