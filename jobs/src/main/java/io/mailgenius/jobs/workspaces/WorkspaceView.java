package io.mailgenius.jobs.workspaces;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * @param postalAddress where the sender of the workspace's mails can be reached by post
 */
public record WorkspaceView(
        long id, String name, @Nullable String postalAddress, Instant createdAt) {}
