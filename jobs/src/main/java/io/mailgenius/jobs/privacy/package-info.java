/** What a person may ask for: all that is known about an address, and its erasure. */
@NullMarked
package io.mailgenius.jobs.privacy;

import org.jspecify.annotations.NullMarked;
