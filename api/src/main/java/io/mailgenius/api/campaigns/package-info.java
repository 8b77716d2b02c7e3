/** Campaigns over HTTP and in the console. */
@NullMarked
package io.mailgenius.api.campaigns;

import org.jspecify.annotations.NullMarked;
