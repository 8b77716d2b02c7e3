/** Jobs over HTTP and in the console: state, progress and the nodes that process them. */
@NullMarked
package io.mailgenius.api.jobs;

import org.jspecify.annotations.NullMarked;
