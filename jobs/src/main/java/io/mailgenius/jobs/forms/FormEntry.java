package io.mailgenius.jobs.forms;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A submitted form. */
public record FormEntry(
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable Map<String, Object> attributes) {}
