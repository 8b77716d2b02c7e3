package io.mailgenius.jobs.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A list and the number of its contacts, counted when it was read.
 *
 * @param open whether the page of preferences shows it, so that people can join and leave
 */
public record ListView(
        long id,
        String name,
        @JsonProperty("public") boolean open,
        long members,
        Instant createdAt) {}
