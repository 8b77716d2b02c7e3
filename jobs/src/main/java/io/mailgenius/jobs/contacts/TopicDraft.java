package io.mailgenius.jobs.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A topic to be made, or what changes of one: what is null stays, or is empty, public and not
 * opt-in.
 */
public record TopicDraft(
        @Nullable String name,
        @Nullable String description,
        @JsonProperty("public") @Nullable Boolean open,
        @Nullable Boolean optIn) {}
