/** Templates in Liquid, compiled once and rendered for each contact. */
@NullMarked
package io.mailgenius.jobs.templates;

import org.jspecify.annotations.NullMarked;
