/**
 * Every error, translated once: into a problem detail (RFC 9457) for programs, a page for people.
 */
@NullMarked
package io.mailgenius.api.problems;

import org.jspecify.annotations.NullMarked;
