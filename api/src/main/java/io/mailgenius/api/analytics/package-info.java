/** The endpoints of analytics. */
@NullMarked
package io.mailgenius.api.analytics;

import org.jspecify.annotations.NullMarked;
