package io.mailgenius.api.demo;

import io.mailgenius.api.node.Node;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Ends the demo on SIGINT or SIGTERM: first the node, then its files, then the process. A node that
 * is still starting is stopped after it has started, because servers that it starts would outlive
 * the process. A second signal ends the process immediately.
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
            // The signal-handling thread does not keep the JVM alive, and during the shutdown no
            // other thread may.
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
     * Reports that the node has started or failed to; from then on a signal stops it at once.
     *
     * @param started null if it failed
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
     * For a thread that the shutdown of the node has interrupted: does not return if a shutdown was
     * requested.
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
