package io.mailgenius.jobs.secrets;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The master keys of the installation: a keyset of Tink in a file that all nodes see. The newest
 * key encrypts, all of them decrypt. The file is made by whoever needs it first.
 */
final class MasterKeys {

    private final Path file;
    private @Nullable Loaded loaded;

    /** What the file held, and when it had been written. */
    private record Loaded(KeysetHandle keys, FileTime written) {}

    MasterKeys(Path file) {
        this.file = file;
        try {
            AeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink has AES-GCM", e);
        }
    }

    Path file() {
        return file;
    }

    boolean exist() {
        return Files.exists(file);
    }

    /** Encrypts with the newest key; decrypts with the one that encrypted. */
    Aead aead() {
        return aead(keys());
    }

    /** The same after the file was read again, because another node may have added a key. */
    Aead readAgain() {
        synchronized (this) {
            loaded = null;
        }
        return aead();
    }

    private static Aead aead(KeysetHandle keys) {
        try {
            return keys.getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new SecretUnreadable("The master keys are no keys for AEAD", e);
        }
    }

    /** The numbers of all keys, the oldest first. */
    List<Integer> numbers() {
        KeysetHandle keys = keys();
        return IntStream.range(0, keys.size()).mapToObj(i -> keys.getAt(i).getId()).toList();
    }

    int newest() {
        return keys().getPrimary().getId();
    }

    /** Adds a key, which encrypts from now on. */
    void add() {
        KeysetHandle keys = keys();
        try {
            KeysetHandle more =
                    KeysetHandle.newBuilder(keys)
                            .addEntry(
                                    KeysetHandle.generateEntryFromParameters(
                                                    PredefinedAeadParameters.AES256_GCM)
                                            .withRandomId()
                                            .makePrimary())
                            .build();
            Path written = write(more);
            Files.move(
                    written,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | GeneralSecurityException e) {
            throw new SecretUnreadable("No key can be added to " + file, e);
        }
        readAgain();
    }

    private synchronized KeysetHandle keys() {
        try {
            if (!Files.exists(file)) {
                make();
            }
            FileTime written = Files.getLastModifiedTime(file);
            if (loaded == null || !loaded.written().equals(written)) {
                loaded =
                        new Loaded(
                                TinkJsonProtoKeysetFormat.parseKeyset(
                                        Files.readString(file), InsecureSecretKeyAccess.get()),
                                written);
            }
            return loaded.keys();
        } catch (IOException | GeneralSecurityException e) {
            throw new SecretUnreadable("The master keys cannot be read from " + file, e);
        }
    }

    /** Of nodes that start together one makes the file, and the others find it whole. */
    private void make() throws IOException, GeneralSecurityException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path written = write(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
        try {
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException madeByAnotherNode) {
            // Its keys are the installation's.
        } catch (UnsupportedOperationException noLinks) {
            moveUnlessThere(written);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private void moveUnlessThere(Path written) throws IOException {
        try {
            Files.move(written, file);
        } catch (FileAlreadyExistsException madeByAnotherNode) {
            // Its keys are the installation's.
        }
    }

    /** Beside the file, readable by its owner alone. */
    private Path write(KeysetHandle keys) throws IOException, GeneralSecurityException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        Path written =
                Files.createTempFile(
                        file.toAbsolutePath().getParent(), "master-keys", ".new", ownerOnly);
        Files.writeString(
                written,
                TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get()));
        return written;
    }
}
