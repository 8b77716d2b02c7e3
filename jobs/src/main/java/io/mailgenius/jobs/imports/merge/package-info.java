/** Merges staged rows into the contacts, and undoes imports. */
@NullMarked
package io.mailgenius.jobs.imports.merge;

import org.jspecify.annotations.NullMarked;
