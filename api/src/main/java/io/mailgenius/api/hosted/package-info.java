/**
 * Pages and addresses that mails lead to: tracked links, unsubscribing, preferences. Anybody may
 * ask for them, and a GET or HEAD changes nothing.
 */
@NullMarked
package io.mailgenius.api.hosted;

import org.jspecify.annotations.NullMarked;
