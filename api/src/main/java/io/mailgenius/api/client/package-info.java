/** A client of the REST API for the demo and the chaos test. */
@NullMarked
package io.mailgenius.api.client;

import org.jspecify.annotations.NullMarked;
