/** The worker's side: takes chunks, works them off, and keeps its hold on them while it does. */
@NullMarked
package io.mailgenius.engine.worker;

import org.jspecify.annotations.NullMarked;
