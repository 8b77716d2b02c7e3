/** Reads archives, spreadsheets and text in other encodings as delimited text in UTF-8. */
@NullMarked
package io.mailgenius.jobs.imports.files;

import org.jspecify.annotations.NullMarked;
