/**
 * Launching, stopping and restarting jobs. A launch is a row, and an active launch is also a task
 * of db-scheduler; a job instance never has more than one of either.
 */
@NullMarked
package io.mailgenius.engine.launching;

import org.jspecify.annotations.NullMarked;
