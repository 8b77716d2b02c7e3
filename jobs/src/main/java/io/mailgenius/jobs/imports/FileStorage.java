package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Keeps uploaded files in a folder that all nodes see. A file appears under its key only when it is
 * whole: an upload that breaks off leaves a part file that nobody takes for an import.
 */
final class FileStorage {

    private final Path folder;

    FileStorage(Path folder) {
        this.folder = folder;
    }

    record Stored(String key, Path path, long bytes, byte[] sha256) {}

    Stored store(InputStream content) throws IOException {
        Files.createDirectories(folder);
        String key = UUID.randomUUID() + ".csv";
        Path part = folder.resolve(key + ".part");
        MessageDigest digest = sha256();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(part), digest)) {
            content.transferTo(out);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Path whole = path(key);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        return new Stored(key, whole, Files.size(whole), digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    Path path(String key) {
        return folder.resolve(key);
    }

    /**
     * @throws IllegalStateException if this node does not see the file
     */
    Path existing(String key) {
        Path path = path(key);
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    "The uploaded file %s is not in %s of this node: all nodes need the same folder in MAILGENIUS_DATA_DIR"
                            .formatted(key, folder));
        }
        return path;
    }

    void delete(String key) {
        try {
            Files.deleteIfExists(path(key));
        } catch (IOException e) {
            throw new Refusal.Conflict(
                    "upload-not-deleted", "The uploaded file cannot be deleted: " + e.getMessage());
        }
    }
}
