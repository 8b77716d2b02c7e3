/** The worker's half of remote chunking: claims chunks, processes them and renews their leases. */
@NullMarked
package io.mailgenius.engine.worker;

import org.jspecify.annotations.NullMarked;
