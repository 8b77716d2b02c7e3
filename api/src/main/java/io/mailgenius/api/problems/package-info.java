/**
 * Translates every error once: into a problem detail (RFC 9457) for programs, or a page for
 * browsers.
 */
@NullMarked
package io.mailgenius.api.problems;

import org.jspecify.annotations.NullMarked;
