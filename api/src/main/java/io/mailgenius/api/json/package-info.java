/** How records become JSON and back, and how that is described to those who call. */
@NullMarked
package io.mailgenius.api.json;

import org.jspecify.annotations.NullMarked;
