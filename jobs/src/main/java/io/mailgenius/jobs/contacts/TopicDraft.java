package io.mailgenius.jobs.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.mailgenius.jobs.workspaces.TextPatterns;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A topic to be created or changed. Null means no change; for a new topic an empty description,
 * public and opt-out.
 */
public record TopicDraft(
        @Pattern(regexp = TextPatterns.NOT_BLANK) @Size(max = Topics.MAX_NAME)
                @Nullable String name,
        @Size(max = Topics.MAX_DESCRIPTION) @Nullable String description,
        @JsonProperty("public") @Nullable Boolean open,
        @Nullable Boolean optIn) {}
