/** An index of a workspace's contacts in memory, which answers rules and searches without SQL. */
@NullMarked
package io.mailgenius.jobs.search;

import org.jspecify.annotations.NullMarked;
