package io.mailgenius.jobs.clients;

import io.mailgenius.jobs.workspaces.TextPatterns;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param scopes permissions that its tokens can have, or {@code *} for all
 * @param networks from which its tokens may be used, in CIDR notation; none for all
 * @param refreshTokens whether it gets refresh tokens, with which a process that does not know the
 *     secret gets further tokens; no, if it is left out
 */
public record OAuthClientDraft(
        @Size(min = 1, max = 200) @Pattern(regexp = TextPatterns.NOT_BLANK) String name,
        @Size(min = 1, max = 50) List<String> scopes,
        @Size(max = 50) @Nullable List<String> networks,
        @Nullable Boolean refreshTokens) {}
