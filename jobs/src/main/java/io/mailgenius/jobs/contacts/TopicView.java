package io.mailgenius.jobs.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * What mails are about, so that people can say which of them they want.
 *
 * @param open shown on the page of preferences
 * @param optIn whoever has not chosen gets nothing of it, instead of everything
 */
public record TopicView(
        long id,
        String name,
        String description,
        @JsonProperty("public") boolean open,
        boolean optIn,
        Instant createdAt) {}
