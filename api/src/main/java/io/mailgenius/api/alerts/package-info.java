/** Alerts, the rules that open them, and silences. */
@NullMarked
package io.mailgenius.api.alerts;

import org.jspecify.annotations.NullMarked;
