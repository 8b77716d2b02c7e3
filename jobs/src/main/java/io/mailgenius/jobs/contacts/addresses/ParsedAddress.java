package io.mailgenius.jobs.contacts.addresses;

/** What became of a text that should be an e-mail address. */
public sealed interface ParsedAddress permits EmailAddress, MalformedAddress {}
