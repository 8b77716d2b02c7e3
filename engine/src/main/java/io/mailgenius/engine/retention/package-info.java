/** What is old enough is forgotten, so that a year of jobs slows nothing down. */
@NullMarked
package io.mailgenius.engine.retention;

import org.jspecify.annotations.NullMarked;
