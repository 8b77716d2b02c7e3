/**
 * Liquid: a source becomes a tree of nodes once, and the tree is walked for each mail. It knows
 * nothing of mails; limits, filters and values come from outside.
 */
@org.jspecify.annotations.NullMarked
package io.mailgenius.jobs.templates.liquid;
