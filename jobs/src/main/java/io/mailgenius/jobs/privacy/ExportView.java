package io.mailgenius.jobs.privacy;

import java.time.Instant;

/**
 * An archive of what is known about an address.
 *
 * @param bytes of the archive
 * @param expiresAt when it is deleted
 */
public record ExportView(long id, long bytes, Instant createdAt, Instant expiresAt) {}
