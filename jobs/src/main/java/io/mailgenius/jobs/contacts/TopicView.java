package io.mailgenius.jobs.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A subject of mails that people can opt in to or out of.
 *
 * @param open whether the page of preferences shows it
 * @param optIn whether contacts without a choice get no mails about it, instead of all
 */
public record TopicView(
        long id,
        String name,
        String description,
        @JsonProperty("public") boolean open,
        boolean optIn,
        Instant createdAt) {}
