package io.mailgenius.api.demo;

import io.mailgenius.api.node.Node;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Ends the demo when it is told to by Ctrl-C or a signal: the node in order, then its files, then
 * the process. A node that is still starting is ended as soon as it has started, since servers that
 * it is about to start would outlive the process. Whoever asks a second time does not want to wait.
 */
final class Shutdown {

    private final FreshFolder folder;
    private @Nullable Node node;
    private boolean starting = true;
    private int asked;

    private Shutdown(FreshFolder folder) {
        this.folder = folder;
    }

    static Shutdown onSignals(FreshFolder folder) {
        Shutdown shutdown = new Shutdown(folder);
        for (String name : new String[] {"TERM", "INT"}) {
            // The thread that handles a signal does not keep the JVM alive, and in the middle of
            // closing nothing else may.
            Signal.handle(
                    new Signal(name),
                    signal ->
                            Thread.ofPlatform()
                                    .name("shutdown")
                                    .daemon(false)
                                    .start(() -> shutdown.asked(128 + signal.getNumber())));
        }
        return shutdown;
    }

    private void asked(int code) {
        boolean wait;
        synchronized (this) {
            wait = asked == 0 && starting;
            if (asked == 0) {
                System.err.println("\nStopping ...");
            } else {
                System.exit(code);
            }
            asked = code;
        }
        if (!wait) {
            end(code);
        }
    }

    /**
     * The node has started, or has failed to: from now on a signal ends it at once.
     *
     * @param started nothing if it failed
     */
    void started(@Nullable Node started) {
        int code;
        synchronized (this) {
            node = started;
            starting = false;
            code = asked;
        }
        if (code != 0) {
            end(code);
        }
    }

    /**
     * For a thread that the end of the node has disturbed: does not return if somebody asked for
     * that end.
     */
    void passOver() {
        synchronized (this) {
            if (asked == 0) {
                return;
            }
        }
        try {
            Thread.currentThread().join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(int code) {
        Node running;
        synchronized (this) {
            running = node;
        }
        if (running != null) {
            running.close();
        }
        try {
            folder.delete();
        } catch (IOException notDeleted) {
            System.err.println("Delete " + folder.path() + " by hand: " + notDeleted.getMessage());
        }
        System.exit(code);
    }
}
