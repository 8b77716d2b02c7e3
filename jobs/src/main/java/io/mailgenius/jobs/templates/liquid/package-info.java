/**
 * An implementation of Liquid. A source is parsed into a tree of nodes once, and the tree is walked
 * for each mail. The package does not depend on mails; callers pass limits, filters and values.
 */
@org.jspecify.annotations.NullMarked
package io.mailgenius.jobs.templates.liquid;
