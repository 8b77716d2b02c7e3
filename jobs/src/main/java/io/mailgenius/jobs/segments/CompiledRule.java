package io.mailgenius.jobs.segments;

import java.util.Map;

/**
 * One SQL condition over the alias {@code c} of contact, true for the contacts that are meant and
 * false or NULL for others. Everything that somebody wrote into the rule is in the parameters.
 */
record CompiledRule(String sql, Map<String, Object> params) {}
