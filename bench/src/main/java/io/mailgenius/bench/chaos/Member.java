package io.mailgenius.bench.chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A node in a process of its own, with its log. */
final class Member {

    private static final Pattern RUNS = Pattern.compile("MailGenius runs at (http://\\S+)");

    private final String name;
    private final String roles;
    private final Process process;
    private final Path log;
    private final @Nullable Relays relays;
    private volatile boolean paused;
    private volatile boolean toEnd;
    private volatile @Nullable URI url;

    /**
     * @param relays between the node and its servers, if there are any
     */
    Member(String name, String roles, Process process, Path log, @Nullable Relays relays) {
        this.name = name;
        this.roles = roles;
        this.process = process;
        this.log = log;
        this.relays = relays;
    }

    String name() {
        return name;
    }

    String roles() {
        return roles;
    }

    long pid() {
        return process.pid();
    }

    Process process() {
        return process;
    }

    /**
     * @throws IllegalStateException if the node connects to its servers directly
     */
    Relays relays() {
        if (relays == null) {
            throw new IllegalStateException(name + " speaks to its servers directly");
        }
        return relays;
    }

    void closeRelays() throws IOException {
        if (relays != null) {
            relays.close();
        }
    }

    Path log() {
        return log;
    }

    /** Whether the process runs and the node has started. */
    boolean up() {
        return process.isAlive() && !paused && !toEnd && url() != null;
    }

    /** Whether it exited unexpectedly and was not replaced yet. */
    boolean fallen() {
        return !process.isAlive() && !toEnd;
    }

    void seenTo() {
        toEnd = true;
    }

    /** Its URL; null until it has started. */
    @Nullable URI url() {
        URI known = url;
        if (known == null) {
            Matcher runs = RUNS.matcher(said());
            known = runs.find() ? URI.create(runs.group(1)) : null;
            url = known;
        }
        return known;
    }

    String said() {
        try {
            return Files.readString(log);
        } catch (IOException nothingYet) {
            return "";
        }
    }

    String lastWords() {
        return said().lines().reduce("", (before, line) -> line);
    }

    /** The peak resident memory; 0 if the system does not provide it. */
    long peakMegabytes() throws IOException {
        Path status = Path.of("/proc/" + pid() + "/status");
        return !Files.exists(status)
                ? 0
                : Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                        .findFirst()
                        .orElse(0);
    }

    /** Writes the stacks of all threads, to diagnose a standstill. */
    void dumpThreads(Path file) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        new ProcessBuilder(jcmd.toString(), Long.toString(pid()), "Thread.print", "-l")
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start()
                .waitFor();
    }

    void kill() throws InterruptedException {
        toEnd = true;
        process.destroyForcibly().waitFor();
    }

    void tellToLeave() {
        toEnd = true;
        process.destroy();
    }

    void pause() throws IOException, InterruptedException {
        paused = true;
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
        paused = false;
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int code =
                new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new IOException(
                    String.format(Locale.ROOT, "kill -%s %d ended with %d", signal, pid(), code));
        }
    }
}
