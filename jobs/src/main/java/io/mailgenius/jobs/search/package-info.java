/** The in-memory index of a workspace's contacts, which answers rules and searches without SQL. */
@NullMarked
package io.mailgenius.jobs.search;

import org.jspecify.annotations.NullMarked;
