/** Rules of a workspace about its jobs, its mails and the installation, and whom they notify. */
@NullMarked
package io.mailgenius.jobs.alerts;

import org.jspecify.annotations.NullMarked;
