/**
 * Files as people have them: archives, spreadsheets and encodings, read as delimited text in UTF-8.
 */
@NullMarked
package io.mailgenius.jobs.imports.files;

import org.jspecify.annotations.NullMarked;
