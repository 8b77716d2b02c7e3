/** The endpoint of the provider's webhooks. */
@NullMarked
package io.mailgenius.api.webhooks;

import org.jspecify.annotations.NullMarked;
