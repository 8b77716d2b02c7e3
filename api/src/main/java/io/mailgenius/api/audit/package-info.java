/** The audit trail over HTTP. */
@NullMarked
package io.mailgenius.api.audit;

import org.jspecify.annotations.NullMarked;
