/** Which workspace a sender's domain belongs to. */
@NullMarked
package io.mailgenius.jobs.providers.domains;

import org.jspecify.annotations.NullMarked;
