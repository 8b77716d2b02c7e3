/** Contacts that do not exist, for demonstrations and measurements. */
@NullMarked
package io.mailgenius.api.samples;

import org.jspecify.annotations.NullMarked;
