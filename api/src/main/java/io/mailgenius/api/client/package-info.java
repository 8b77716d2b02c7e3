/** The REST API as its callers see it: what the demo and the chaos test know of the product. */
@NullMarked
package io.mailgenius.api.client;

import org.jspecify.annotations.NullMarked;
