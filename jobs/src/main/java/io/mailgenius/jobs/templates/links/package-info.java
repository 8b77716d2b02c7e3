/** Finds the links of a mail, adds UTM parameters and replaces them by tracked links. */
@NullMarked
package io.mailgenius.jobs.templates.links;

import org.jspecify.annotations.NullMarked;
