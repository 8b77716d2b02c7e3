package io.mailgenius.engine.census;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folders that this node writes to. A bean of the application. */
public record WatchedFolders(List<Path> folders) {

    public WatchedFolders {
        folders = List.copyOf(folders);
    }

    /** How full the fullest of their disks is, from 0 to 1; what cannot be read counts as empty. */
    double used() {
        double used = 0;
        for (Path folder : folders) {
            try {
                FileStore store = Files.getFileStore(folder);
                long total = store.getTotalSpace();
                if (total > 0) {
                    used = Math.max(used, 1 - (double) store.getUsableSpace() / total);
                }
            } catch (IOException unreadable) {
                // Whoever writes there finds out by itself.
            }
        }
        return Math.clamp(used, 0, 1);
    }
}
