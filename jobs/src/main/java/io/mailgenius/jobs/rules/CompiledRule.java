package io.mailgenius.jobs.rules;

import java.util.Map;

/**
 * One SQL condition over the alias {@code c} of contact, true for the contacts that are meant and
 * false or NULL for others. Everything that somebody wrote into the rule is in the parameters.
 *
 * <p>Whoever asks also gives {@code :after} and {@code :through}, between which lie the ids of the
 * contacts that are asked about: lists and engagement are looked up there only, so that a chunk
 * does not read through a list of millions, whatever the planner makes of it.
 */
public record CompiledRule(String sql, Map<String, Object> params) {}
