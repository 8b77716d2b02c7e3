package io.mailgenius.jobs.contacts.addresses;

/** The result of parsing a text as an e-mail address. */
public sealed interface ParsedAddress permits EmailAddress, MalformedAddress {}
