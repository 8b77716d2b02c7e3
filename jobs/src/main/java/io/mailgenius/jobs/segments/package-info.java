/**
 * Who is meant: rules over contacts, compiled to one SQL condition, and their members, written down
 * by a job.
 */
@NullMarked
package io.mailgenius.jobs.segments;

import org.jspecify.annotations.NullMarked;
