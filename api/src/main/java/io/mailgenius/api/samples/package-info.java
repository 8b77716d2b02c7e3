/** Generated contacts for demonstrations and benchmarks. */
@NullMarked
package io.mailgenius.api.samples;

import org.jspecify.annotations.NullMarked;
