/**
 * What operators see and do: searching and inspecting jobs, retrying chunks, acting on many jobs at
 * once, operating nodes, and the load of each step.
 */
@NullMarked
package io.mailgenius.engine.operations;

import org.jspecify.annotations.NullMarked;
