/** People: how they prove who they are, and what they may do in a workspace. */
@NullMarked
package io.mailgenius.jobs.people;

import org.jspecify.annotations.NullMarked;
