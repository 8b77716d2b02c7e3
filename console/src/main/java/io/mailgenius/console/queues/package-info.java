/** Pages of queues. */
@NullMarked
package io.mailgenius.console.queues;

import org.jspecify.annotations.NullMarked;
