package io.mailgenius.schema;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Tests run in a JVM whose defaults are fixed at its start, as the product does. */
public final class JvmDefaultsOfTests implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        JvmDefaults.fix();
    }
}
