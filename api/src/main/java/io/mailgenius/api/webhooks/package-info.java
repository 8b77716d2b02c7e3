/** What the provider posts, and what people click in their mails. */
@NullMarked
package io.mailgenius.api.webhooks;

import org.jspecify.annotations.NullMarked;
