/** Merges staged rows into the contacts, and takes an import back. */
@NullMarked
package io.mailgenius.jobs.imports.merge;

import org.jspecify.annotations.NullMarked;
