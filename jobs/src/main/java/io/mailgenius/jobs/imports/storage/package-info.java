/** Where the files of imports are kept. */
@NullMarked
package io.mailgenius.jobs.imports.storage;

import org.jspecify.annotations.NullMarked;
