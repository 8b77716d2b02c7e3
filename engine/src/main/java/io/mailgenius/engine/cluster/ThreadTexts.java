package io.mailgenius.engine.cluster;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Comparator;

/** Writes the platform threads of this process as text, as a thread dump has them. */
final class ThreadTexts {

    private static final int LENGTH = 250_000;
    private static final int FRAMES = 60;

    private ThreadTexts() {}

    static String all() {
        StringBuilder text = new StringBuilder();
        ThreadInfo[] threads =
                ManagementFactory.getThreadMXBean().dumpAllThreads(true, true, FRAMES);
        Arrays.sort(threads, Comparator.comparing(ThreadInfo::getThreadName));
        for (ThreadInfo thread : threads) {
            append(text, thread);
            if (text.length() > LENGTH) {
                return text.substring(0, LENGTH);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, ThreadInfo thread) {
        text.append('"')
                .append(thread.getThreadName().replace("\0", ""))
                .append("\" #")
                .append(thread.getThreadId())
                .append(thread.isDaemon() ? " daemon " : " ")
                .append(thread.getThreadState());
        if (thread.getLockName() != null) {
            text.append(" on ").append(thread.getLockName());
        }
        if (thread.getLockOwnerName() != null) {
            text.append(" held by \"").append(thread.getLockOwnerName()).append('"');
        }
        text.append('\n');
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("    at ")
                    .append(frame.getClassName())
                    .append('.')
                    .append(frame.getMethodName())
                    .append('(')
                    .append(frame.getFileName())
                    .append(':')
                    .append(frame.getLineNumber())
                    .append(")\n");
        }
        text.append('\n');
    }
}
