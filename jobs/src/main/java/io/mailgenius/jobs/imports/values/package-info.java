/** Numbers, dates and booleans as people write them. */
@NullMarked
package io.mailgenius.jobs.imports.values;

import org.jspecify.annotations.NullMarked;
