package io.mailgenius.jobs.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A list and how many contacts are on it, counted when it was asked for.
 *
 * @param open shown on the page of preferences, where people join and leave it by themselves
 */
public record ListView(
        long id,
        String name,
        @JsonProperty("public") boolean open,
        long members,
        Instant createdAt) {}
