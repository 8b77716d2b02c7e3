/** JSON reading and writing, and its description in OpenAPI. */
@NullMarked
package io.mailgenius.api.json;

import org.jspecify.annotations.NullMarked;
