/** Segments: rules over contacts, whose matches are stored as members by a job and kept current. */
@NullMarked
package io.mailgenius.jobs.segments;

import org.jspecify.annotations.NullMarked;
