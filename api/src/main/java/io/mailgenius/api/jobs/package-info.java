/** Jobs over HTTP and in the console: what runs, how far it is, and who works on it. */
@NullMarked
package io.mailgenius.api.jobs;

import org.jspecify.annotations.NullMarked;
