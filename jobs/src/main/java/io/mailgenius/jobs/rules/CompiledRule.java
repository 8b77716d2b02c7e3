package io.mailgenius.jobs.rules;

import java.util.Map;

/**
 * A SQL condition on contact {@code c}: true for contacts that match the rule, false or NULL for
 * others. All user input is passed as parameters.
 *
 * <p>Callers also set {@code :after} and {@code :through}, the bounds of the contact ids.
 * Subqueries on lists and engagement are restricted to them, so that a chunk does not scan a list
 * of millions, whatever plan PostgreSQL chooses.
 */
public record CompiledRule(String sql, Map<String, Object> params) {}
