/** Figures over HTTP. */
@NullMarked
package io.mailgenius.api.analytics;

import org.jspecify.annotations.NullMarked;
