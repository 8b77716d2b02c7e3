package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a chunk has taken of its campaign's allowance; to be kept with the chunk.
 *
 * @param at about when it may begin, if there is a rate per minute
 * @param day of whose allowance it has taken, if there is a warm-up
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Permit(@Nullable Instant at, @Nullable LocalDate day) {}
