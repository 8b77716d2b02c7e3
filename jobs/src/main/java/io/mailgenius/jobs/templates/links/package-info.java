/** The links of a mail: found, tagged with UTM parameters, and replaced by tracked ones. */
@NullMarked
package io.mailgenius.jobs.templates.links;

import org.jspecify.annotations.NullMarked;
