package io.mailgenius.jobs.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One change, or one attempt that was refused.
 *
 * @param position in the chain of the workspace, from 1, without gaps
 * @param actor {@code kind} (KEY, CLIENT, PERSON, OPERATOR), {@code id}, {@code name}, {@code
 *     address} and {@code requestId}
 * @param action CREATE, UPDATE, DELETE or REFUSED
 * @param noun what was changed: {@code campaign}, {@code api_key} …; of a refused attempt the noun
 *     of its path
 * @param target the id of what was changed
 * @param before of an update the columns that differ, as they were; of a deletion all
 * @param after of an update the columns that differ, as they are; of a creation all; of a refused
 *     attempt its method, path, status and problem
 * @param hash of this entry and the hash of the one before it, SHA-256 in hexadecimal
 */
public record AuditEntry(
        long position,
        Instant at,
        JsonNode actor,
        String action,
        String noun,
        @Nullable String target,
        @Nullable JsonNode before,
        @Nullable JsonNode after,
        String hash) {}
