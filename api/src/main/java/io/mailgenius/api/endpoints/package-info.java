/** The addresses of other systems that are told what happens. */
@NullMarked
package io.mailgenius.api.endpoints;

import org.jspecify.annotations.NullMarked;
