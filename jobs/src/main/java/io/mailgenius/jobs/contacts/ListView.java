package io.mailgenius.jobs.contacts;

import java.time.Instant;

/** A list and how many contacts are on it, counted when it was asked for. */
public record ListView(long id, String name, long members, Instant createdAt) {}
