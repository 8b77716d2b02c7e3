package io.mailgenius.jobs.imports.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** A folder that all nodes see. An upload that breaks off leaves a part file at the most. */
public final class FolderStorage implements FileStorage {

    private final Path folder;

    public FolderStorage(Path folder) {
        this.folder = folder;
    }

    @Override
    public Stored store(InputStream content) throws IOException {
        Files.createDirectories(folder);
        String key = UUID.randomUUID() + ".csv";
        Path part = folder.resolve(key + ".part");
        MessageDigest digest = sha256();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(part), digest)) {
            content.transferTo(out);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Path whole = folder.resolve(key);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        return new Stored(key, Files.size(whole), digest.digest());
    }

    @Override
    public Kept receive(Arrival arrival) throws IOException {
        Files.createDirectories(folder);
        String key = UUID.randomUUID() + ".csv";
        Path part = folder.resolve(key + ".part");
        try {
            arrival.moveTo(part);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Path whole = folder.resolve(key);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        return new Kept(key, Files.size(whole));
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public InputStream open(String key, long from) throws IOException {
        FileChannel channel = FileChannel.open(existing(key), StandardOpenOption.READ);
        channel.position(from);
        return Channels.newInputStream(channel);
    }

    @Override
    public <R> R local(String key, LocalWork<R> work) throws IOException {
        return work.on(existing(key));
    }

    private Path existing(String key) {
        Path path = folder.resolve(key);
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    "The uploaded file %s is not in %s of this node: all nodes need the same folder in MAILGENIUS_SHARED_DIR"
                            .formatted(key, folder));
        }
        return path;
    }

    @Override
    public void delete(String key) {
        try {
            Files.deleteIfExists(folder.resolve(key));
        } catch (IOException e) {
            throw new UncheckedIOException("The uploaded file cannot be deleted", e);
        }
    }
}
