package io.mailgenius.jobs.workspaces;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param scopes permissions, or {@code *} for all
 * @param networks from which it may be used, in CIDR notation; none for all
 * @param expiresAt when it ends; never, if it is left out
 */
public record ApiKeyDraft(
        @Size(min = 1, max = 200) @Pattern(regexp = TextPatterns.NOT_BLANK) String name,
        @Size(min = 1, max = 50) List<String> scopes,
        @Size(max = 50) @Nullable List<String> networks,
        @Nullable Instant expiresAt) {}
