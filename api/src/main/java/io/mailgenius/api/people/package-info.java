/** The people of a workspace, and invitations to it. */
@NullMarked
package io.mailgenius.api.people;

import org.jspecify.annotations.NullMarked;
