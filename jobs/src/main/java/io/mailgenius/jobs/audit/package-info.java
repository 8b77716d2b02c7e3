/** The audit trail of a workspace: who changed what, and which attempts were refused. */
@NullMarked
package io.mailgenius.jobs.audit;

import org.jspecify.annotations.NullMarked;
