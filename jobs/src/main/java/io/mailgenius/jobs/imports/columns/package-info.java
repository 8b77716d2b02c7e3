/** Which column of a file is which field, and what its cells mean. */
@NullMarked
package io.mailgenius.jobs.imports.columns;

import org.jspecify.annotations.NullMarked;
