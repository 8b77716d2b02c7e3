/**
 * The one door for launching, stopping and restarting jobs: a launch is a row, a living launch is a
 * task of the cluster's scheduler, and never is there more than one of either per job instance.
 */
@NullMarked
package io.mailgenius.engine.launching;

import org.jspecify.annotations.NullMarked;
