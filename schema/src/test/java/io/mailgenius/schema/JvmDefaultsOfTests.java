package io.mailgenius.schema;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Fixes the JVM defaults before tests run, as the product does at its start. */
public final class JvmDefaultsOfTests implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        JvmDefaults.fix();
    }
}
